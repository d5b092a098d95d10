import { expect, test } from "vitest";
import { junitReport } from "./junit.ts";

test("each run is a test case, and an expectation that was not met a failure, in well-formed XML", () => {
  const common = { file: "a&b.yaml", session: "20261129-234303-b6aa", seed: 7, duration: 1500, findings: [] };
  const report = junitReport([
    { ...common, name: "It works", passed: true, checks: [{ expectation: "a", passed: true, seen: "b" }] },
    {
      ...common,
      name: 'It "fails" <\u0007',
      passed: false,
      checks: [{ expectation: "the log has <x>", passed: false, seen: "y", after: 1200, exchange: 4 }],
    },
  ]);
  expect(report).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuites tests="2" failures="1" errors="0" time="3.000">
  <testsuite name="tinsmith scenario" tests="2" failures="1" errors="0" time="3.000">
    <testcase classname="a&amp;b.yaml" name="It works" time="1.500">
      <system-out>session 20261129-234303-b6aa, seed 7</system-out>
    </testcase>
    <testcase classname="a&amp;b.yaml" name="It &quot;fails&quot; &lt;\ufffd" time="1.500">
      <failure message="the log has &lt;x&gt;">expected: the log has &lt;x&gt;
seen: y (1.2 s after the guest tools' first request, exchange 4)</failure>
      <system-out>session 20261129-234303-b6aa, seed 7</system-out>
    </testcase>
  </testsuite>
</testsuites>
`);
});

test("a run that ended the others early is an error, after their results", () => {
  const run = { file: "a.yaml", name: "It <works>", seed: 7 };
  const passed = {
    ...run,
    session: "20261129-234303-b6aa",
    passed: true,
    duration: 1000,
    checks: [],
    findings: [],
  };
  const report = junitReport([passed], {
    ...run,
    seed: 8,
    error: { code: "interrupted", message: "interrupted" },
  });
  expect(report).toContain('<testsuites tests="2" failures="0" errors="1" time="1.000">');
  expect(report).toContain(`    <testcase classname="a.yaml" name="It &lt;works&gt;" time="0.000">
      <error message="interrupted" type="interrupted">interrupted</error>
      <system-out>seed 8</system-out>
    </testcase>
  </testsuite>`);
});

test("the findings of a run are in the output of its test case, also if it has passed", () => {
  const report = junitReport([
    {
      ...{ file: "a.yaml", name: "It works", session: "20261129-234303-b6aa", seed: 7, duration: 1000 },
      ...{ passed: true, checks: [] },
      findings: [
        { exchange: 4, name: "log too short", text: "The log has 1 byte of <2> bytes." },
        { exchange: 6, name: "early result", text: "The result came before the end of the log." },
      ],
    },
  ]);
  expect(report).toContain(`time="1.000">
      <system-out>session 20261129-234303-b6aa, seed 7
Exchange 4: The log has 1 byte of &lt;2&gt; bytes.
Exchange 6: The result came before the end of the log.</system-out>
    </testcase>`);
});
