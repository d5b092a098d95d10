import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { capitalizeMessage } from "./capitalize-message.ts";

const project = resolve(import.meta.dirname, "../..");

/** Programs of which messages speak first. */
const programs = ["tinsmith"];

describe("a message's first letter", () => {
  test.each([
    ["the disk is full", "The disk is full"],
    ["no image was run yet", "No image was run yet"],
    ["there is no session s1", "There is no session s1"],
    ["stopped, and its guest was ended", "Stopped, and its guest was ended"],
    ["copying the guest's /a/b failed", "Copying the guest's /a/b failed"],
    ["session s1 has ended", "Session s1 has ended"],
  ])("is a capital when a sentence begins with an ordinary word: %s", (message, capitalized) => {
    expect(capitalizeMessage(message)).toBe(capitalized);
  });

  test.each([
    ["an absolute path", "/srv/x is a folder"],
    ["a relative path", "srv/x is a folder"],
    ["a path from home", "~/x is a folder"],
    ["a file", "machine.json: memory must be a number"],
    ["a file that is named like a word", "the.iso is missing"],
    ["a file with a hyphen", "no-disk is missing"],
    ["a program", "sh failed with exit status 2"],
    ["a program with a hyphen", "qemu-img failed"],
    ["a program with a digit", "lz4 failed"],
    ["an option", "--size must be a number"],
    ["a quoted name", '"x" is taken'],
    ["a name in a person's quotes", "‘x’ is taken"],
    ["an address", "https://example.org/a.iso was not found"],
    ["a variable", "$HOME is not set"],
    ["a word in capitals", "QEMU has ended"],
    ["a letter that has no capital", "中 is missing"],
    ["a letter of another alphabet", "épée is missing"],
    ["nothing", ""],
  ])("stays as it is when it begins with %s", (_kind, message) => {
    expect(capitalizeMessage(message)).toBe(message);
  });

  test("is a capital in each message of ours that begins with a word", () => {
    const sources = ["core", "cli", "electron", "renderer", "shared"].flatMap((folder) =>
      readdirSync(join(project, folder), { recursive: true, encoding: "utf8" })
        .filter((name) => /(?<!\.test)\.tsx?$/.test(name))
        .map((name) => readFileSync(join(project, folder, name), "utf8")),
    );
    const messages = sources.flatMap((source) =>
      [...source.matchAll(/\bmessage:\s*["`]([a-z]+[ ,:][^"`$]*)/g)].flatMap(([, text]) => text ?? []),
    );
    expect(messages.length).toBeGreaterThan(50);
    const small = messages.filter((message) => capitalizeMessage(message) === message);
    expect(small.filter((message) => !programs.includes(message.split(" ", 1)[0] ?? ""))).toEqual([]);
  });
});
