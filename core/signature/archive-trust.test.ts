import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { manifestPath, signaturePath, writeManifest } from "../manifest/manifest-file.ts";
import { newHome } from "../session/serve/test-session.ts";
import { rememberImage } from "../storage/known-images.ts";
import { judgeTrust, requireTrusted } from "./archive-trust.ts";
import { signManifest } from "./ssh-signature.ts";

const digest = "a".repeat(64);

/** An archive's manifest, signed with a new key. */
async function signedArchive() {
  const paths = newHome();
  const folder = dirname(paths.allowedSigners);
  mkdirSync(folder, { recursive: true });
  const [archive, key] = [join(folder, "a.tar.lz4"), join(folder, "key")];
  writeManifest({ path: archive, format: "lz4", size: 1, digest }, { kind: "pack" });
  execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", key]);
  const sign = async () =>
    writeFileSync(signaturePath(archive), await signManifest(readFileSync(manifestPath(archive)), key));
  await sign();
  const allow = () => writeFileSync(paths.allowedSigners, `me ${readFileSync(`${key}.pub`, "utf8")}`);
  return { paths, archive, allow, sign };
}

test("an archive that an allowed signer has signed comes without a warning", async () => {
  const { paths, archive, allow } = await signedArchive();
  expect((await judgeTrust(paths, archive, digest)).warning).toMatch(
    /was not made here.*It is signed with an unknown key, ED25519 key SHA256:/,
  );
  allow();
  expect(await judgeTrust(paths, archive, digest)).toEqual({
    signer: expect.stringMatching(/^me \(ED25519 key SHA256:/),
  });
  await expect(requireTrusted(paths, archive, digest, [])).resolves.toBeDefined();
});

test("the signature on the manifest of another archive does not count", async () => {
  const { paths, archive, allow } = await signedArchive();
  allow();
  const other = "b".repeat(64);
  expect((await judgeTrust(paths, archive, other)).warning).toContain("was not made here");
  await expect(requireTrusted(paths, archive, other, [])).rejects.toMatchObject({ code: "not-trusted" });
});

test("a wrong signature is refused, unless the archive was made here", async () => {
  const { paths, archive, allow } = await signedArchive();
  allow();
  const text = readFileSync(manifestPath(archive), "utf8");
  writeFileSync(manifestPath(archive), text.replace('"pack"', '"build"'));
  await expect(judgeTrust(paths, archive, digest)).rejects.toMatchObject({ code: "not-trusted" });
  rememberImage(paths, digest);
  expect(await judgeTrust(paths, archive, digest)).toEqual({});
});

test("a new manifest takes the signature of the earlier one away", async () => {
  const { paths, archive, allow } = await signedArchive();
  allow();
  writeManifest({ path: archive, format: "lz4", size: 1, digest }, { kind: "import" });
  expect((await judgeTrust(paths, archive, digest)).warning).toMatch(/^(?!.*signed).*was not made here/);
});
