import { expect, test } from "vitest";
import { fieldsOf, templateOf, withField } from "./action-template.ts";

test("each type has a template, whose fields can be changed without the rest", () => {
  const text = templateOf("list-folder");
  expect(fieldsOf(text)).toEqual({ type: "list-folder", path: "/tmp", command: "", tty: false });
  expect(JSON.parse(withField('{"id": "own", "path": 1}', "path", "/etc"))).toEqual({
    id: "own",
    path: "/etc",
  });
  expect(fieldsOf(templateOf("exec-shell"))?.tty).toBe(true);
});

test("JSON that is not an object has no fields", () => {
  for (const text of ["", "{", "[]", "null"]) expect(fieldsOf(text)).toBeUndefined();
});
