import { ORPCError } from "@orpc/client";
import { expect, test } from "vitest";
import { fromWireError, toWireError } from "./api-errors.ts";
import { AppError } from "./errors.ts";
import { settingsChangeSchema } from "./settings.ts";

test("an error crosses with the field that it is about", () => {
  const error = new AppError({ code: "file-exists", message: "it exists already", field: "name" });
  expect(fromWireError(toWireError(error))).toMatchObject(error.toJSON());
});

test("what does not have the form that a call wants names its field", () => {
  const { error } = settingsChangeSchema.safeParse({ retention: { sessions: 0 } });
  const refused = new ORPCError("BAD_REQUEST", { data: { issues: error?.issues } });
  expect(fromWireError(refused)).toMatchObject({ code: "usage", field: "retention.sessions" });
});
