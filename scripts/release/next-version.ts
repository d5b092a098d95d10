import { AppError } from "../../shared/errors/errors.ts";

const pattern = /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)$/;

/** The versions that may follow a version: the next patch, minor and major version. */
export function nextVersions(version: string): readonly string[] {
  const [, major = 0, minor = 0, patch = 0] = (pattern.exec(version) ?? []).map(Number);
  return [`${major}.${minor}.${patch + 1}`, `${major}.${minor + 1}.0`, `${major + 1}.0.0`];
}

/**
 * Refuses a version that can't be the next one.
 *
 * @param released the newest version that was released, if there is one
 * @param planned the version of package.json, which is that of the first release
 * @throws AppError `usage`
 */
export function requireNextVersion(version: string, released: string | undefined, planned: string): void {
  const allowed = released === undefined ? [planned] : nextVersions(released);
  if (allowed.includes(version)) return;
  const reason = released === undefined ? "nothing was released yet" : `${released} is the newest version`;
  throw new AppError({
    code: "usage",
    message: `${version} can't be the next version: ${reason}`,
    advice: `Release ${allowed.join(" or ")}.`,
  });
}
