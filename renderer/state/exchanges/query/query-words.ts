import { guestActionTypes } from "../../../../shared/guest/guest-protocol.ts";
import { endpoints, sides } from "../../../../shared/rules/message-kinds.ts";
import { nearestName } from "../../../../shared/text/nearest-name.ts";
import { type Exchange, type Exchanges, findNumbered } from "../../guest/exchanges.ts";
import {
  type ExchangeState,
  endpointOf,
  exchangeStates,
  type Latency,
  latencyOf,
  sizeOf,
  stateOf,
} from "../exchange-facts.ts";
import { readComparison } from "./read-comparison.ts";

/** Those of the protocol, and those that a person has composed. */
const actionTypes = [...guestActionTypes, "composed"] as const;

/** Tells whether an exchange fits a condition. @param now until which an open exchange lasts */
export type Condition = (exchange: Exchange, log: Exchanges, now: number) => boolean;

/** A word of the filter's language. */
export interface QueryWord {
  /** The property of exchanges that it is about, for the list of words. */
  readonly help: string;
  /** Values to choose from; examples, if others are possible. */
  readonly values: readonly string[];
  /** The condition of a value; undefined for a value that it does not take. */
  readonly read: (value: string) => Condition | undefined;
  /** The values that it takes, as the end of a sentence. */
  readonly takes: string;
}

const stateNames = Object.keys(exchangeStates) as readonly ExchangeState[];
const methods = ["GET", "POST", "PUT", "HEAD", "DELETE"] as const;

/** Bytes. */
const sizeUnits = { "": 1, b: 1, kb: 1e3, mb: 1e6, gb: 1e9, kib: 1024, mib: 1024 ** 2 };
/** Milliseconds. */
const timeUnits = { ms: 1, s: 1_000, min: 60_000, h: 3_600_000 };

/** All words of the filter's language, by the names that are typed. */
export const queryWords: Readonly<Record<string, QueryWord>> = {
  endpoint: oneOf("the endpoint of the request", endpoints, endpointOf),
  status: {
    help: "the status of the response",
    values: [">=400", "200", "4xx", "5xx"],
    takes: "a status such as 404, 4xx, >=400 or 400..499",
    read: (value) => {
      const group = /^([1-5])xx$/i.exec(value)?.[1];
      if (group) return ({ status = 0 }) => Math.floor(status / 100) === Number(group);
      const fits = readComparison(value, { "": 1 });
      return fits && (({ status }) => status !== undefined && fits(status));
    },
  },
  state: oneOf("how far the exchange is", stateNames, stateOf),
  action: {
    help: "the action that it carried, by type or number",
    values: actionTypes,
    takes: `${listOf(actionTypes)}, or the number of an action`,
    read: (value) => {
      const number = /^\d+$/.test(value) ? Number(value) : undefined;
      if (number !== undefined) return ({ action }) => action === number;
      const types = namesIn(value, actionTypes);
      return (
        types &&
        (({ action }, { actions }) => {
          const type = action === undefined ? undefined : findNumbered(actions, action)?.request.type;
          return type !== undefined && types.includes(type);
        })
      );
    },
  },
  from: oneOf("who began it: the host, for an action, or else the guest", sides, ({ action }) =>
    action === undefined ? "guest" : "host",
  ),
  method: {
    help: "the method of the request",
    values: methods,
    takes: "an HTTP method such as POST",
    read: (value) => {
      const wanted = value.toUpperCase();
      return /^\w+$/.test(value) ? ({ method }) => method.toUpperCase() === wanted : undefined;
    },
  },
  rule: {
    help: "a rule that applied to it, by a part of its name; * is any",
    values: ["*"],
    takes: "a part of a rule's name, or * for any rule",
    read: (value) => {
      const part = value.toLowerCase();
      return ({ rules = [] }) => rules.some(({ name }) => part === "*" || name.toLowerCase().includes(part));
    },
  },
  finding: {
    help: "what Tinsmith has found wrong in it, by a part of the name or text; * is anything",
    values: ["*"],
    takes: "a part of a finding, or * for any finding",
    read: (value) => {
      const part = value.toLowerCase();
      return ({ findings = [] }) =>
        findings.some(({ name, text }) => part === "*" || `${name} ${text}`.toLowerCase().includes(part));
    },
  },
  size: compared("the bytes of both bodies", [">1MB", ">100kB"], "a size such as >1MB", sizeUnits, sizeOf),
  took: lasting("its whole time", [">1s", ">100ms"], ({ waiting, working }) => waiting + working),
  waiting: lasting("the time that a poll waited", [">1s", ">20s"], ({ waiting }) => waiting),
  working: lasting("the rest of its time", [">1s", ">100ms"], ({ working }) => working),
};

/** The word that somebody meant, if one is near. */
export function nearestWord(word: string): string | undefined {
  return nearestName(word, Object.keys(queryWords));
}

function oneOf<Name extends string>(
  help: string,
  names: readonly Name[],
  nameOf: (exchange: Exchange) => Name,
): QueryWord {
  return {
    help,
    values: names,
    takes: listOf(names),
    read: (value) => {
      const wanted = namesIn(value, names);
      return wanted && ((exchange) => wanted.includes(nameOf(exchange)));
    },
  };
}

function compared(
  help: string,
  values: readonly string[],
  takes: string,
  units: Readonly<Record<string, number>>,
  numberOf: (exchange: Exchange) => number | undefined,
): QueryWord {
  return {
    help,
    values,
    takes,
    read: (value) => {
      const fits = readComparison(value, units);
      return (
        fits &&
        ((exchange) => {
          const number = numberOf(exchange);
          return number !== undefined && fits(number);
        })
      );
    },
  };
}

/** A word for a time. An open exchange fits if it does so however long it will last. */
function lasting(help: string, values: readonly string[], timeOf: (latency: Latency) => number): QueryWord {
  return {
    help,
    values,
    takes: "a time such as >1s",
    read: (value) => {
      const fits = readComparison(value, timeUnits);
      return (
        fits &&
        ((exchange, _log, now) =>
          fits(timeOf(latencyOf(exchange, now))) &&
          (exchange.ended !== undefined || fits(Number.POSITIVE_INFINITY)))
      );
    },
  };
}

/** The names in a list with commas; undefined unless each of them is known. */
function namesIn<Name extends string>(value: string, names: readonly Name[]): readonly Name[] | undefined {
  const wanted = value.toLowerCase().split(",");
  const found = names.filter((name) => wanted.includes(name));
  return found.length === new Set(wanted).size ? found : undefined;
}

function listOf(names: readonly string[]): string {
  return `${names.slice(0, -1).join(", ")} or ${names.at(-1)}`;
}
