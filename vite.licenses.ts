import { join } from "node:path";
import license, { type Dependency } from "rollup-plugin-license";

/** Writes the licences of the packages that are in a bundle: dist/licenses/NAME.txt, a part of THIRD-PARTY-LICENSES. */
export function collectLicenses(name: string) {
  const file = join(import.meta.dirname, `dist/licenses/${name}.txt`);
  return license({ thirdParty: { output: { file, template: (all) => all.map(describe).join("\n") } } });
}

function describe({ name, version, license, licenseText, repository }: Dependency): string {
  const source = typeof repository === "string" ? repository : repository?.url;
  const text = licenseText ?? `Its package holds no text of this licence; it is published at ${source}.`;
  return `## ${name} ${version} (${license})\n\n${text}\n`;
}
