import { expect, test } from "vitest";
import { scenarioFileIssue, scenarioFileName } from "./scenario-file-name.ts";

test("a scenario's file is named after it, unlike all that are there", () => {
  const taken = ["a-lost-reply.yaml", "a-lost-reply-2.yaml"];
  expect(scenarioFileName("A lost reply!", [])).toBe("a-lost-reply.yaml");
  expect(scenarioFileName("A lost reply!", taken)).toBe("a-lost-reply-3.yaml");
  expect(scenarioFileName("Prüfung: é", [])).toBe("prufung-e.yaml");
  expect(scenarioFileName("…", [])).toBe("scenario.yaml");
  expect(scenarioFileName(`${"a".repeat(59)} b`, [])).toBe(`${"a".repeat(59)}.yaml`);
});

test("the name of a scenario's file is in the folder, new, and ends with .yaml", () => {
  for (const wrong of ["", ".yaml", "a.yml", "../a.yaml", "a/b.yaml", "a\n.yaml"])
    expect(scenarioFileIssue(wrong, [])).toBe("Enter a name that ends with .yaml.");
  expect(scenarioFileIssue("a.yaml", ["a.yaml"])).toContain("has a scenario with this name");
  expect(scenarioFileIssue("a lost reply.yaml", ["a.yaml"])).toBeUndefined();
});
