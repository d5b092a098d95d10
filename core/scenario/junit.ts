import { describeFinding } from "../../shared/guest/finding.ts";
import { describeFailure } from "../../shared/scenario/describe-result.ts";
import type { BrokenRun, ScenarioResult } from "../../shared/scenario/scenario-result.ts";

/**
 * Results in the XML form of JUnit, as CI services read it: a test case for each run, with a failure if an expectation was not
 * met. Findings are in its output, which readers show for passed test cases, too.
 *
 * @param broken the run that ended the others early: a test case with an error
 */
export function junitReport(results: readonly ScenarioResult[], broken?: BrokenRun): string {
  const failed = results.filter(({ passed }) => !passed).length;
  const seconds = results.reduce((sum, { duration }) => sum + duration / 1000, 0);
  const totals = [
    `tests="${results.length + (broken ? 1 : 0)}" failures="${failed}" errors="${broken ? 1 : 0}"`,
    `time="${seconds.toFixed(3)}"`,
  ].join(" ");
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${totals}>`,
    `  <testsuite name="tinsmith scenario" ${totals}>`,
    ...results.flatMap(testCase),
    ...(broken ? brokenCase(broken) : []),
    "  </testsuite>",
    "</testsuites>",
    "",
  ].join("\n");
}

function testCase({
  file,
  name,
  session,
  seed,
  duration,
  checks,
  findings,
}: ScenarioResult): readonly string[] {
  const failures = checks.filter(({ passed }) => !passed);
  const text = failures.map((check) => describeFailure(check).join("\n")).join("\n");
  const output = [`session ${session}, seed ${seed}`, ...findings.map(describeFinding)].join("\n");
  return [
    `    <testcase classname="${escapeXml(file)}" name="${escapeXml(name)}" time="${(duration / 1000).toFixed(3)}">`,
    ...(failures[0]
      ? [`      <failure message="${escapeXml(failures[0].expectation)}">${escapeXml(text)}</failure>`]
      : []),
    `      <system-out>${escapeXml(output)}</system-out>`,
    "    </testcase>",
  ];
}

function brokenCase({ file, name, seed, error }: BrokenRun): readonly string[] {
  const text = [error.message, ...(error.details ?? [])].join("\n");
  return [
    `    <testcase classname="${escapeXml(file)}" name="${escapeXml(name)}" time="0.000">`,
    `      <error message="${escapeXml(error.message)}" type="${error.code}">${escapeXml(text)}</error>`,
    `      <system-out>seed ${seed}</system-out>`,
    "    </testcase>",
  ];
}

/** Text in XML 1.0, which can't have most control characters, however they are written. */
function escapeXml(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/[^\t\n\r\x20-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, "\ufffd")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
