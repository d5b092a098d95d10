import { findPattern, type OnReplaced, type Replacement } from "./replacer.ts";

/** Headers whose values let somebody in. */
const credentialHeaders = [
  "authorization",
  "proxy-authorization",
  "cookie",
  "set-cookie",
  "x-api-key",
  "x-auth-token",
  "x-amz-security-token",
  "private-token",
];

/**
 * The longest part of a credential that is found, in bytes; all of its parts together are at most three times as
 * long.
 */
const longestPart = 4096;
const upToLongest = `{1,${longestPart}}`;

const header = `(?<![\\w-])(?:${credentialHeaders.join("|")})["']?\\s{0,8}[:=]\\s{0,8}`;

/** The patterns to remove, each with the text to keep before and after it. */
const sources = [
  // A header, in quotes, as in JSON, or to the end of its line.
  `(?<quoted>${header}["'])[^\\r\\n"']${upToLongest}`,
  `(?<header>${header}(?!["']))[^\\r\\n]${upToLongest}`,
  `(?<scheme>(?<!\\w)(?:bearer|basic)\\s{1,8})[\\w.~+/=-]{8,${longestPart}}`,
  // In an address: the user and the password.
  `(?<address>://)[^\\s/?#@"'<>]${upToLongest}(?=@)`,
  `(?<query>[?&;](?:(?:access|auth|api|id|refresh|session)[_-]?)?(?:token|key|secret|password|passwd|pwd|sig|signature|credential|x-amz-signature|x-amz-credential|x-amz-security-token)=)[^&\\s"'#;<>]${upToLongest}`,
  // A variable, or a member of a JSON object.
  `(?<name>(?:password|passwd|passphrase|secret|token|api_?key|access_?key|secret_?key|private_?key)\\w{0,32}(?:=["']?|"\\s{0,8}:\\s{0,8}"))[^\\s"'&;[\\]{}$]${upToLongest}`,
  // By their looks.
  `-----BEGIN [A-Z ]{0,32}PRIVATE KEY-----[^-]${upToLongest}(?:-----END [A-Z ]{0,32}PRIVATE KEY-----)?`,
  `(?<!\\w)(?:gh[pousr]_[a-z0-9]{20,255}|github_pat_\\w{20,255}|glpat-[\\w-]{20,255}|xox[abprs]-[\\w-]{10,255}|AKIA[A-Z0-9]{16})(?!\\w)`,
  `(?<!\\w)eyJ[\\w-]{10,${longestPart}}\\.[\\w-]{10,${longestPart}}\\.[\\w-]{5,${longestPart}}`,
];

/** Replaces texts that look like a key or password, in any file. */
export function credentials(onReplaced: OnReplaced): Replacement {
  return {
    find: findPattern(new RegExp(sources.join("|"), "gi"), ({ groups = {} }) => {
      const kept = Object.values(groups).find((text) => text !== undefined);
      return `${kept ?? ""}${credentialMark(onReplaced)}`;
    }),
    reach: 3 * longestPart + 256,
  };
}

export function credentialMark(onReplaced: OnReplaced): string {
  onReplaced("a credential");
  return "[removed]";
}

export function isCredentialHeader(name: string): boolean {
  return credentialHeaders.includes(name.toLowerCase());
}
