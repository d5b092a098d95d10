import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { actionSchema, folderListingSchema, taskSchema } from "./guest-protocol.ts";

/** Also read by the guest tools' own tests, so that both sides mean the same. */
function fixtures(name: string) {
  const text = readFileSync(
    new URL(`../../tests/fixtures/guest-protocol/${name}.json`, import.meta.url),
    "utf8",
  );
  return z
    .array(z.object({ name: z.string(), body: z.string(), expect: z.unknown() }))
    .min(1)
    .parse(JSON.parse(text));
}

describe.each([
  {
    message: "an answer to execute",
    schema: taskSchema,
    file: "execute",
    refused: ['{"env": {"NAME": 1}}', '{"command": "make"}', '{"tty": "no"}', "[]"],
  },
  {
    message: "an answer to poll",
    schema: actionSchema,
    file: "action",
    refused: [
      "{}",
      '{"id": "a", "type": "reboot"}',
      '{"type": "none"}',
      '{"id": "a", "type": "none", "path": 1}',
    ],
  },
  {
    message: "a folder's listing",
    schema: folderListingSchema,
    file: "folder-listing",
    refused: ["[]", '{"files": "/a"}', '{"files": [1]}', '{"notFound": "yes"}'],
  },
])("$message", ({ schema, file, refused }) => {
  test.each(fixtures(file))("is read as the other side reads it: $name", ({ body, expect: expected }) => {
    expect(schema.parse(JSON.parse(body))).toEqual(expected);
  });

  test.each(refused)("is not %s", (body) => {
    expect(schema.safeParse(JSON.parse(body)).success).toBe(false);
  });
});
