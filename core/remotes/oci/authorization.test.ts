import { Readable } from "node:stream";
import { expect, test } from "vitest";
import type { HttpRequest } from "../../network/http-client.ts";
import { createAuthorization, parseChallenge } from "./authorization.ts";
import type { Credentials } from "./docker-credentials.ts";

const { signal } = new AbortController();

/** A token service that gives one token after another, and what it was asked. */
function startTokens(credentials?: Credentials, reply: object = {}, status = 200) {
  const asked: { readonly url: string; readonly request: HttpRequest }[] = [];
  let time = 0;
  const authorization = createAuthorization({
    ...{ registry: "registry.example.org", scope: "repository:ci/worker:pull,push" },
    findCredentials: async () => credentials,
    now: () => time,
    send: async (url, request) => {
      asked.push({ url, request });
      const body = Readable.from([Buffer.from(JSON.stringify({ token: `t${asked.length}`, ...reply }))]);
      return { status, length: undefined, header: () => undefined, body };
    },
  });
  return { authorization, asked, pass: (seconds: number) => (time += seconds * 1000) };
}

const challenge = 'Bearer realm="https://auth.example.org/token?a=1",service="registry.example.org"';
const me = { user: "me", password: "pass:word" };
const basicOfMe = `Basic ${Buffer.from("me:pass:word").toString("base64")}`;

test("a challenge is read, with quotes and commas in its values", () => {
  expect(parseChallenge('Bearer realm="https://a/t",scope="repository:a:pull,push",error=x')).toEqual({
    scheme: "bearer",
    parameters: { realm: "https://a/t", scope: "repository:a:pull,push", error: "x" },
  });
  expect(parseChallenge("").scheme).toBe("");
});

test("a token is asked for with the rights and the credentials, and is renewed before it expires", async () => {
  const { authorization, asked, pass } = startTokens(me, { expires_in: 300 });
  expect(authorization.current()).toBeUndefined();
  expect(await authorization.renew(challenge, signal)).toBe(true);
  const { searchParams, pathname } = new URL(asked[0]?.url ?? "");
  expect([pathname, ...searchParams]).toEqual([
    "/token",
    ["a", "1"],
    ["service", "registry.example.org"],
    ["scope", "repository:ci/worker:pull,push"],
  ]);
  expect(asked[0]?.request.headers).toEqual({ Authorization: basicOfMe });
  expect(authorization.current()).toBe("Bearer t1");
  pass(290);
  expect(authorization.current()).toBe("Bearer t1");
  pass(6);
  expect(authorization.current()).toBeUndefined();
  await authorization.refresh(signal);
  expect(authorization.current()).toBe("Bearer t2");
  await authorization.refresh(signal);
  expect(asked).toHaveLength(2);
});

test("without credentials a token is asked for all the same", async () => {
  const { authorization, asked } = startTokens();
  await authorization.renew(challenge, signal);
  expect(asked[0]?.request.headers).toEqual({});
  expect(authorization.current()).toBe("Bearer t1");
});

test("an identity token is exchanged by a form", async () => {
  const { authorization, asked } = startTokens(
    { identityToken: "id+" },
    { token: undefined, access_token: "a" },
  );
  await authorization.renew(challenge, signal);
  expect(asked[0]?.request.method).toBe("POST");
  const form = new URLSearchParams(String(asked[0]?.request.body));
  expect(Object.fromEntries(form)).toMatchObject({ grant_type: "refresh_token", refresh_token: "id+" });
  expect(authorization.current()).toBe("Bearer a");
});

test("a password goes to no service without https", async () => {
  const { authorization, asked } = startTokens(me);
  const http = authorization.renew(challenge.replace("https:", "http:"), signal);
  await expect(http).rejects.toMatchObject({
    code: "no-permission",
    message: expect.stringContaining("is not https"),
  });
  expect(asked).toEqual([]);
});

test("credentials that are refused are told of, without the password", async () => {
  const { authorization } = startTokens(me, {}, 401);
  const error = await authorization.renew(challenge, signal).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({
    code: "no-permission",
    message: expect.stringContaining("its token service refuses the credentials"),
    advice: expect.stringContaining("docker login registry.example.org"),
  });
  expect(JSON.stringify(error)).not.toContain("pass:word");
});

test("basic credentials are sent once, and not again when they are refused", async () => {
  const { authorization } = startTokens(me);
  expect(await authorization.renew('Basic realm="x"', signal)).toBe(true);
  expect(authorization.current()).toBe(basicOfMe);
  await expect(authorization.renew('Basic realm="x"', signal)).rejects.toThrow("it refuses the credentials");
  expect(await startTokens().authorization.renew('Basic realm="x"', signal)).toBe(false);
});
