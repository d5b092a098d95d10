import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import {
  type Action,
  errorCodes,
  errorReplySchema,
  type Task,
} from "../../../shared/guest/guest-protocol.ts";
import type { GuestActions } from "../actions/guest-actions.ts";
import { poll } from "./test-guest.ts";
import { makeTestFolder, send, startTestService } from "./test-service.ts";

// The service writes the strict form in the fixtures; the guest tools' own tests read the same ones.

interface Fixture<Message> {
  readonly name: string;
  readonly body: string;
  readonly expect: Message;
}

function strictFixtures<Message>(name: string): readonly Fixture<Message>[] {
  const url = new URL(`../../../tests/fixtures/guest-protocol/${name}.json`, import.meta.url);
  const fixtures: Fixture<Message>[] = JSON.parse(readFileSync(url, "utf8"));
  return fixtures.filter((fixture) => fixture.name.startsWith("strict"));
}

test.each(strictFixtures<Task>("execute"))("a task is written in its $name", async (fixture) => {
  const service = await startTestService({ task: fixture.expect });
  const { body } = await send(service, "GET", "execute");
  expect(JSON.parse(body)).toEqual(JSON.parse(fixture.body));
});

test.each(strictFixtures<Action>("action"))("an action is written in its $name", async (fixture) => {
  const service = await startTestService({ limits: { pollTimeout: 50 } });
  const target = join(await makeTestFolder(), "artifact");
  const asked = ask(service.service.actions, fixture.expect, target);
  const ended = expect(asked).rejects.toMatchObject({ code: "guest-no-answer" });
  const { id, ...rest } = await poll(service);
  expect({ ...rest, id: fixture.expect.id }).toEqual(JSON.parse(fixture.body));
  expect(id).toHaveLength(fixture.expect.id.length);
  await service.service.close();
  await ended;
});

async function ask(
  actions: GuestActions,
  { type, path, command, tty }: Action,
  target: string,
): Promise<unknown> {
  switch (type) {
    case "get-artifact":
      return await actions.getArtifact(path, target);
    case "list-folder":
      return await actions.listFolder(path);
    case "exec-shell":
      return await actions.openShell({ command, tty }, { receive: () => {} });
    case "kill-process":
      return await actions.killProcess();
    case "none":
      throw Object.assign(new Error("nothing was asked for"), { code: "guest-no-answer" });
  }
}

test("each code of an error reply has a strict form, which is what the service writes", async () => {
  const fixtures = strictFixtures<{ code: string }>("error-reply");
  expect(fixtures.map((fixture) => fixture.expect.code).toSorted()).toEqual(errorCodes.toSorted());
  for (const { body, expect: expected } of fixtures)
    expect(errorReplySchema.strict().parse(JSON.parse(body))).toEqual(expected);
  const { body } = await send(await startTestService(), "GET", "nothing-here");
  expect(errorReplySchema.strict().parse(JSON.parse(body)).code).toBe("NoSuchEndPoint");
});
