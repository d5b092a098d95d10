import { expect, test } from "vitest";
import type { InstallStep } from "../../shared/recipe/install-step.ts";
import { findTypedValues } from "./typed-values.ts";

test("values that are missing are told of before the guest starts", () => {
  const steps: InstallStep[] = [{ type: [{ secret: "ONE" }, { variable: "TWO" }] }];
  expect(() => findTypedValues(steps, { variables: {}, env: {} })).toThrow(
    "the install steps type variables that the recipe does not have: TWO",
  );
  expect(() => findTypedValues(steps, { variables: { TWO: "" }, env: {} })).toThrow(
    expect.objectContaining({ code: "secrets-missing", details: ["ONE"] }),
  );
  const withSecret = (ONE: string) => () =>
    findTypedValues(steps, { variables: { TWO: "2" }, secrets: { ONE }, env: {} });
  expect(withSecret("")).toThrow(expect.objectContaining({ code: "secrets-missing" }));
  expect(withSecret("1\n")).toThrow("the install steps type secrets that have more than one line: ONE");
  const { resolve } = withSecret("1")();
  expect(resolve(steps[0]?.type ?? "")).toBe("12");
});
