import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { z } from "zod";
import { taskSchema } from "./guest-protocol.ts";

/** Also read by the guest tools' own tests, so that both sides mean the same. */
const fixtures = z
  .array(z.object({ name: z.string(), body: z.string(), expect: z.unknown() }))
  .min(1)
  .parse(
    JSON.parse(
      readFileSync(new URL("../tests/fixtures/guest-protocol/execute.json", import.meta.url), "utf8"),
    ),
  );

test.each(fixtures)(
  "an answer to execute is read as the guest tools read it: $name",
  ({ body, expect: expected }) => {
    expect(taskSchema.parse(JSON.parse(body))).toEqual(expected);
  },
);

test.each(['{"env": {"NAME": 1}}', '{"command": "make"}', "[]"])("%s is no answer to execute", (body) => {
  expect(taskSchema.safeParse(JSON.parse(body)).success).toBe(false);
});
