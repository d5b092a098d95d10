import { ORPCError } from "@orpc/client";
import { expect, test } from "vitest";
import { settingsChangeSchema } from "../app/settings.ts";
import { AppError } from "../errors/errors.ts";
import { fromWireError, toWireError } from "./call-errors.ts";

test("an error crosses with the field that it is about", () => {
  const error = new AppError({ code: "file-exists", message: "it exists already", field: "name" });
  expect(fromWireError(toWireError(error))).toMatchObject(error.toJSON());
});

test("what does not have the form that a call wants names its field", () => {
  const { error } = settingsChangeSchema.safeParse({ retention: { sessions: 0 } });
  const refused = new ORPCError("BAD_REQUEST", { data: { issues: error?.issues } });
  expect(fromWireError(refused)).toMatchObject({ code: "usage", field: "retention.sessions" });
});
