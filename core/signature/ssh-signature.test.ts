import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { findSigner, signManifest } from "./ssh-signature.ts";

const manifest = Buffer.from('{"version": 1}\n');

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "signature-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

function makeKey(folder: string, name = "key"): { readonly path: string; readonly line: string } {
  const path = join(folder, name);
  execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "", "-f", path]);
  return { path, line: readFileSync(`${path}.pub`, "utf8").trim() };
}

test("a manifest that was signed with the key of an allowed signer names the signer and the key", async () => {
  const folder = newFolder();
  const { path, line } = makeKey(folder);
  const signature = await signManifest(manifest, path);
  const allowed = join(folder, "allowed_signers");
  writeFileSync(allowed, `someone@example.org ${makeKey(folder, "other").line}\nme@example.org ${line}\n`);
  expect(await findSigner({ manifest, signature, name: "a" }, allowed)).toEqual({
    kind: "allowed",
    principal: "me@example.org",
    key: expect.stringMatching(/^ED25519 key SHA256:/),
  });
});

test("a key is unknown without a list, and when it is allowed for other things or no longer", async () => {
  const folder = newFolder();
  const { path, line } = makeKey(folder);
  const signature = await signManifest(manifest, path);
  const allowed = join(folder, "allowed_signers");
  const unknown = { kind: "unknown", key: expect.stringMatching(/^ED25519 key SHA256:/) };
  expect(await findSigner({ manifest, signature, name: "a" }, allowed)).toEqual(unknown);
  for (const options of ['namespaces="git" ', 'valid-before="20200101" ']) {
    writeFileSync(allowed, `me@example.org ${options}${line}\n`);
    expect(await findSigner({ manifest, signature, name: "a" }, allowed)).toEqual(unknown);
  }
});

test("a signature of another manifest, and one for another purpose, are refused", async () => {
  const folder = newFolder();
  const { path } = makeKey(folder);
  const signature = await signManifest(Buffer.from("another"), path);
  const refused = {
    code: "not-trusted",
    message: expect.stringContaining("the signature of a.tar.lz4 is wrong"),
  };
  await expect(findSigner({ manifest, signature, name: "a.tar.lz4" }, "/none")).rejects.toMatchObject(
    refused,
  );
  const forGit = execFileSync("ssh-keygen", ["-Y", "sign", "-n", "git", "-f", path], {
    input: manifest,
    stdio: ["pipe", "pipe", "ignore"],
  });
  await expect(findSigner({ manifest, signature: forGit, name: "a.tar.lz4" }, "/none")).rejects.toMatchObject(
    refused,
  );
});

test("a key that can't sign is named", async () => {
  await expect(signManifest(manifest, "/none/key")).rejects.toMatchObject({
    message: expect.stringMatching(/^\/none\/key can't sign: /),
    advice: expect.stringContaining("Give the path of a private SSH key"),
  });
});
