/** The kinds of messages between the guest tools and the MetaService, by which rules choose them. */

/** The senders of messages: the guest sends a request, the host its response. */
export const sides = ["guest", "host"] as const;
export type Side = (typeof sides)[number];

/** By the last part of their paths; `other` is none of these. */
export const endpoints = ["execute", "log", "success", "failed", "poll", "reply", "ping", "other"] as const;
export type EndpointName = (typeof endpoints)[number];

/** The messages of a shell, and the pings and pongs of its connection. */
export const shellMessageTypes = ["data", "ack", "size", "abort", "exit", "ping", "pong"] as const;
export type ShellMessageType = (typeof shellMessageTypes)[number];

export { shellStreams } from "../guest/shell-codec.ts";
