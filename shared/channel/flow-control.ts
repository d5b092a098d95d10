/**
 * Flow control of one byte stream by acknowledgements: the sender may have a limited number of bytes on the way that
 * the receiver has not acknowledged. Used at both ends of every byte channel.
 */

/** Counts, at the sender, the bytes that it may still send. */
export interface SendWindow {
  /** How many bytes may be sent now. */
  room(): number;
  /** Notes that bytes were sent: at most as many as the window has space for. */
  sent(bytes: number): void;
  /** Notes that the receiver consumed bytes. @throws RangeError when it says more than was sent */
  acknowledged(bytes: number): void;
}

/** @param size bytes that may be on the way at once */
export function createSendWindow(size: number): SendWindow {
  let onTheWay = 0;
  return {
    room: () => size - onTheWay,
    sent: (bytes) => {
      if (onTheWay + bytes > size) throw new RangeError(`${bytes} bytes don't fit in the window`);
      onTheWay += bytes;
    },
    acknowledged: (bytes) => {
      if (bytes > onTheWay)
        throw new RangeError(`${bytes} bytes were acknowledged, of ${onTheWay} that were on the way`);
      onTheWay -= bytes;
    },
  };
}

/** Counts, at the receiver, the bytes that the sender may still send: the sender may be hostile. */
export interface ReceiveWindow {
  /** Notes that bytes came. @throws RangeError when the sender had no room for them */
  received(bytes: number): void;
  /** Notes that bytes were consumed, and will be acknowledged. @throws RangeError when they never came */
  consumed(bytes: number): void;
}

/** @param size bytes that may be on the way at once */
export function createReceiveWindow(size: number): ReceiveWindow {
  const mirror = createSendWindow(size);
  return { received: mirror.sent, consumed: mirror.acknowledged };
}
