import { expect, test } from "vitest";
import { matchName } from "./match-name.ts";

const paths = ["/disk.img/opt/run.sh", "/disk.img/opt/run.sh.txt", "/disk.img/etc/Opt", "/disk.img/a[1].sh"];
const found = (text: string) => paths.filter(matchName(text));

test("a text is a part of the name, in any case", () => {
  expect(found("opt")).toEqual(["/disk.img/etc/Opt"]);
  expect(found("a[1]")).toEqual(["/disk.img/a[1].sh"]);
});

test("a pattern is one of the whole name", () => {
  expect(found("*.sh")).toEqual(["/disk.img/opt/run.sh", "/disk.img/a[1].sh"]);
  expect(found("r?n.s*")).toEqual(["/disk.img/opt/run.sh", "/disk.img/opt/run.sh.txt"]);
  expect(found("a[1].*")).toEqual(["/disk.img/a[1].sh"]);
});

test("with a slash, a text or a pattern is one of the path", () => {
  expect(found("/opt/")).toEqual(["/disk.img/opt/run.sh", "/disk.img/opt/run.sh.txt"]);
  expect(found("/opt/*.sh")).toEqual(["/disk.img/opt/run.sh"]);
  expect(found("/disk.img/*.sh")).toEqual(["/disk.img/a[1].sh"]);
});
