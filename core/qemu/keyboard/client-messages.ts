/** A key or the pointer of a viewer, as RFB's client sends it. */
export type ViewerEvent =
  | {
      readonly type: "key";
      /** X's number of the key's symbol; 0 without one. */
      readonly keysym: number;
      readonly isDown: boolean;
    }
  | {
      readonly type: "pointer";
      /** In pixels of the screen. */
      readonly x: number;
      readonly y: number;
      /** A bit for each button that is down: 1 left, 2 middle, 4 right, 8 and 16 the wheel. */
      readonly buttons: number;
    };

/** An event, with the place where its message begins. */
interface PlacedEvent {
  readonly event: ViewerEvent;
  /** The message's first byte in the part of the stream that was taken; 0 if it began before that. */
  readonly start: number;
}

/** Reads the stream from a viewer to a VNC server. */
export interface ClientMessages {
  /**
   * Takes the next part of the stream, of any length.
   *
   * @returns the events whose messages are complete with it
   */
  take(bytes: Uint8Array): readonly PlacedEvent[];
  /** Whether all of the stream was understood so far. If not, there are no more events. */
  readonly isUnderstood: boolean;
}

type Stage = "version" | "security" | "init" | "message";

/** The types of messages, as their first bytes. */
const types = {
  setPixelFormat: 0,
  setEncodings: 2,
  updateRequest: 3,
  key: 4,
  pointer: 5,
  cutText: 6,
  continuousUpdates: 150,
  fence: 248,
  xvp: 250,
  setDesktopSize: 251,
  qemu: 255,
} as const;

/** The bytes of each type's message, or of its head if more follow. */
const headSizes: Readonly<Record<number, number>> = {
  [types.setPixelFormat]: 20,
  [types.setEncodings]: 4,
  [types.updateRequest]: 10,
  [types.key]: 8,
  [types.pointer]: 6,
  [types.cutText]: 8,
  [types.continuousUpdates]: 10,
  [types.fence]: 9,
  [types.xvp]: 4,
  [types.setDesktopSize]: 8,
  [types.qemu]: 12,
};
/** More buttons than seven follow in one more byte. */
const manyButtons = 0x80;
const noAuthentication = 1;
const qemuKey = 0;

/**
 * Reads what noVNC sends: RFC 6143, sections 7.1 (handshake), 7.3.1 (ClientInit) and 7.5 (messages), and of the RFB
 * community's rfbproto the client messages EnableContinuousUpdates, ClientFence, xvp, SetDesktopSize and QEMU's extended
 * key event, the extended clipboard, whose length is negative, and the pointer event with extended mouse buttons.
 *
 * It keeps the head of one message, at most 20 bytes, and counts the bytes that follow it.
 */
export function createClientMessages(): ClientMessages {
  let stage: Stage | undefined = "version";
  let head: number[] = [];
  let skipped = 0;

  /** Reads the head, if it is complete. */
  const readHead = (): ViewerEvent | undefined => {
    const size = stage && headSize(stage, head);
    if (!stage || size === undefined) stage = undefined;
    if (!stage || head.length !== size) return undefined;
    const bytes = Buffer.from(head);
    head = [];
    if (stage !== "message") {
      stage = nextStage(stage, bytes);
      return undefined;
    }
    skipped = followingBytes(bytes);
    return eventOf(bytes);
  };

  return {
    take: (bytes) => {
      const events: PlacedEvent[] = [];
      let start = 0;
      for (let at = 0; at < bytes.length && stage; ) {
        if (head.length === 0 && skipped > 0) {
          const length = Math.min(skipped, bytes.length - at);
          skipped -= length;
          at += length;
          continue;
        }
        if (head.length === 0) start = at;
        head.push(bytes[at] ?? 0);
        at += 1;
        const event = readHead();
        if (event) events.push({ event, start });
      }
      return events;
    },
    get isUnderstood() {
      return stage !== undefined;
    },
  };
}

/** @returns the size of what begins with these bytes, as far as they tell; undefined when it is unknown */
function headSize(stage: Stage, [type = 0, second = 0]: readonly number[]): number | undefined {
  if (stage === "version") return 12;
  if (stage !== "message") return 1;
  if (type === types.qemu && second !== qemuKey) return undefined;
  return type === types.pointer && (second & manyButtons) !== 0 ? 7 : headSizes[type];
}

/** @returns undefined when only those who speak that kind of RFB know the rest */
function nextStage(stage: Stage, bytes: Buffer): Stage | undefined {
  if (stage === "init") return "message";
  if (stage === "security") return bytes[0] === noAuthentication ? "init" : undefined;
  const [, minor] = /^RFB 003\.00([378])\n$/.exec(bytes.toString("latin1")) ?? [];
  // In the oldest version, the server alone chooses how viewers prove who they are.
  if (minor === "3") return "init";
  return minor === undefined ? undefined : "security";
}

/** The bytes of a message behind its head. */
function followingBytes(head: Buffer): number {
  switch (head[0]) {
    case types.setEncodings:
      return head.readUInt16BE(2) * 4;
    case types.cutText:
      return Math.abs(head.readInt32BE(4));
    case types.fence:
      return head.readUInt8(8);
    case types.setDesktopSize:
      return head.readUInt8(6) * 16;
    default:
      return 0;
  }
}

function eventOf(head: Buffer): ViewerEvent | undefined {
  switch (head[0]) {
    case types.key:
      return { type: "key", keysym: head.readUInt32BE(4), isDown: head[1] !== 0 };
    case types.qemu:
      return { type: "key", keysym: head.readUInt32BE(4), isDown: head.readUInt16BE(2) !== 0 };
    case types.pointer: {
      const more = head.length > 6 ? head.readUInt8(6) << 7 : 0;
      const buttons = (head.readUInt8(1) & ~manyButtons) | more;
      return { type: "pointer", x: head.readUInt16BE(2), y: head.readUInt16BE(4), buttons };
    }
    default:
      return undefined;
  }
}
