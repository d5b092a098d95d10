/** Characters of a file's name, without what makes it another one than those that are there. */
const longestName = 60;

/** The name of a new file for a scenario, which no file of the folder has. @param taken the names of those files */
export function scenarioFileName(scenario: string, taken: readonly string[]): string {
  const words = scenario
    .normalize("NFKD")
    .toLowerCase()
    .replaceAll(/\p{M}/gu, "")
    .replaceAll(/[^a-z0-9]+/g, "-")
    .slice(0, longestName)
    .replaceAll(/^-|-$/g, "");
  const stem = words || "scenario";
  let name = `${stem}.yaml`;
  for (let number = 2; taken.includes(name); number += 1) name = `${stem}-${number}.yaml`;
  return name;
}

/** The problem of the name of a new scenario file. */
export function scenarioFileIssue(name: string, taken: readonly string[]): string | undefined {
  if (!/^[^./\p{Cc}][^/\p{Cc}]*\.yaml$/u.test(name)) return "Enter a name that ends with .yaml.";
  return taken.includes(name) ? "The image set has a scenario with this name." : undefined;
}
