import { fork } from "node:child_process";
import { join } from "node:path";
import type { RuleResult } from "../../../shared/conformance/conformance.ts";

/** A request to a process to check a rule. */
export interface CheckRequest {
  /** Of the rule. */
  readonly id: string;
  /** The guest tools' program. */
  readonly tools: string;
  /** The planted violation, for which the guest tools' messages are changed; without one they stay as they are. */
  readonly violation?: string | undefined;
}

/** Processes that check rules, a rule at a time each. Most of the time they wait. */
export interface Checkers extends Disposable {
  /** Checks when a process is free; those that are asked for first come first. */
  check(request: CheckRequest): Promise<RuleResult>;
}

/** Starts processes one after another, so that the first check begins soon. */
export function startCheckers(count: number): Checkers {
  const children: Child[] = [];
  const free: Child[] = [];
  const waiting: ((child: Child) => void)[] = [];
  let isOver = false;
  const give = (child: Child) => {
    const next = waiting.shift();
    if (next) next(child);
    else free.push(child);
  };
  const start = () => {
    if (isOver || children.length === count) return;
    const child = startChild(() => {
      give(child);
      start();
    });
    children.push(child);
  };
  start();
  return {
    check: async (request) => {
      const child = free.pop() ?? (await new Promise<Child>((resolve) => waiting.push(resolve)));
      const result = await child.check(request);
      give(child);
      return result;
    },
    [Symbol.dispose]: () => {
      isOver = true;
      for (const child of children) child.kill();
    },
  };
}

type Child = ReturnType<typeof startChild>;

/** @param onReady called when it can check */
function startChild(onReady: () => void) {
  const child = fork(join(import.meta.dirname, "check-process.ts"), {
    stdio: ["ignore", "ignore", "ignore", "ipc"],
  });
  let answer = Promise.withResolvers<RuleResult>();
  child.on("message", (message: RuleResult | "ready") =>
    message === "ready" ? onReady() : answer.resolve(message),
  );
  child.on("exit", (status) => answer.reject(new Error(`a check ended with status ${status}`)));
  return {
    check: (request: CheckRequest) => {
      answer = Promise.withResolvers();
      child.send(request);
      return answer.promise;
    },
    kill: () => {
      answer.promise.catch(() => {});
      child.kill();
    },
  };
}
