import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterAll, expect, onTestFinished, test, vi } from "vitest";
import { findCredentials } from "./docker-credentials.ts";

afterAll(() => void vi.unstubAllEnvs());

const { signal } = new AbortController();
const auth = (text: string) => Buffer.from(text).toString("base64");

function withConfig(config: unknown): { readonly DOCKER_CONFIG: string } {
  const folder = mkdtempSync(join(tmpdir(), "docker-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, "config.json"), typeof config === "string" ? config : JSON.stringify(config));
  return { DOCKER_CONFIG: folder };
}

test.each([
  ["registry.example.org:5000", "registry.example.org:5000"],
  ["registry.example.org", "https://registry.example.org"],
  ["registry.example.org", "https://registry.example.org/v2/"],
  ["docker.io", "https://index.docker.io/v1/"],
])("the credentials of %s are found under %s", async (registry, key) => {
  const environment = withConfig({
    auths: { other: { auth: auth("a:b") }, [key]: { auth: auth("me:pass:word") } },
  });
  expect(await findCredentials(registry, environment, signal)).toEqual({ user: "me", password: "pass:word" });
});

test("there are none without a file, and for another registry", async () => {
  expect(await findCredentials("a", { DOCKER_CONFIG: "/none" }, signal)).toBeUndefined();
  expect(await findCredentials("a", withConfig({}), signal)).toBeUndefined();
  const environment = withConfig({ auths: { "a.example.org": { auth: auth("a:b") }, a: {} } });
  expect(await findCredentials("a", environment, signal)).toBeUndefined();
});

test("an identity token is found", async () => {
  const environment = withConfig({ auths: { a: { auth: auth("me:"), identitytoken: "id" } } });
  expect(await findCredentials("a", environment, signal)).toEqual({ identityToken: "id" });
});

test("a damaged file is named", async () => {
  const environment = withConfig('{"auths": ');
  await expect(findCredentials("a", environment, signal)).rejects.toMatchObject({
    message: `${environment.DOCKER_CONFIG}/config.json can't be read as Docker's configuration`,
  });
});

test("a helper is asked, and its words that there are none are no failure", async () => {
  const environment = withConfig({ credHelpers: { a: "test" }, credsStore: "none" });
  const program = join(environment.DOCKER_CONFIG, "docker-credential-test");
  vi.stubEnv("PATH", `${environment.DOCKER_CONFIG}${delimiter}${process.env.PATH}`);
  const answer = (script: string) => {
    writeFileSync(program, `#!/bin/sh\n${script}\n`);
    chmodSync(program, 0o755);
  };
  answer(`read -r host; printf '{"ServerURL":"%s","Username":"me","Secret":"of %s"}' "$host" "$host"`);
  expect(await findCredentials("a", environment, signal)).toEqual({ user: "me", password: "of a" });
  answer(`cat >/dev/null; printf '{"Username":"<token>","Secret":"id"}'`);
  expect(await findCredentials("a", environment, signal)).toEqual({ identityToken: "id" });
  answer("echo 'credentials not found in native keychain'; exit 1");
  expect(await findCredentials("a", environment, signal)).toBeUndefined();
  answer("echo 'the keychain is locked'; exit 1");
  await expect(findCredentials("a", environment, signal)).rejects.toThrow(
    "the credentials for a can't be got from docker-credential-test",
  );
  await expect(findCredentials("b", environment, signal)).rejects.toMatchObject({ code: "missing-tool" });
});
