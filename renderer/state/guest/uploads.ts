import { shellChannelPath, shellChannelTarget } from "../../../shared/channel/byte-channel.ts";
import { openShellOn } from "../../../shared/guest/open-shell.ts";
import { putIntoGuest } from "../../../shared/guest/put/put-into-guest.ts";
import { sizeOf } from "../../../shared/guest/put/put-source.ts";
import { openByteChannel, sessionClient } from "../../client/api-client.ts";
import { connectionLost } from "../../client/connection-lost.ts";
import type { DroppedItem } from "./dropped-items.ts";
import { guestFiles, listFolder } from "./guest-files.ts";
import { runTransfer, type Transfer } from "./transfers.ts";

/**
 * Puts dropped files and folders into a folder of the guest, one after another.
 *
 * @param folder absolute
 */
export async function startUploads(
  session: string,
  items: readonly DroppedItem[],
  folder: string,
): Promise<void> {
  const target = `${folder.replace(/\/+$/, "")}/`;
  const began = items.map((item) => {
    const turn = Promise.withResolvers<void>();
    const ended = runTransfer(
      { kind: "upload", owner: session, source: item.name, target },
      async (signal, onProgress) => {
        signal.addEventListener("abort", () => turn.resolve());
        await turn.promise;
        signal.throwIfAborted();
        return await (item.hostPath === undefined
          ? putFromBrowser(session, item, target, { signal, onProgress })
          : putFromHost(session, item.hostPath, target, { signal, onProgress }));
      },
    );
    return { begin: turn.resolve, ended };
  });
  for (const { begin, ended } of began) {
    begin();
    await ended;
  }
  const { listing } = guestFiles(session).getState();
  if (listing && target.startsWith(`${listing.path.replace(/\/+$/, "")}/`))
    await listFolder(session, listing.path);
}

/** Puts dropped files and folders on a data CD, which is inserted when it has all of them. */
export async function startDataCd(session: string, items: readonly DroppedItem[]): Promise<void> {
  const { machine } = sessionClient(session);
  const source = items.map(({ name }) => name).join(", ");
  await runTransfer(
    { kind: "upload", owner: session, source, target: "a data CD" },
    async (signal, onProgress) => {
      const paths = items.flatMap(({ hostPath }) => hostPath ?? []);
      if (paths.length === items.length) {
        await machine.insertFiles({ paths }, { signal });
        return { bytes: 0 };
      }
      const sources = await Promise.all(items.map((item) => item.read()));
      const total = sources.reduce((sum, one) => sum + sizeOf(one), 0);
      const upload = crypto.randomUUID();
      let bytes = 0;
      for (const { name, entries } of sources)
        for (const { path, kind, read } of entries) {
          const target = path === "" ? name : `${name}/${path}`;
          const send = (part?: string) =>
            machine.uploadForCd({ upload, path: target, bytes: part }, { signal });
          await send(kind === "folder" ? undefined : "");
          for await (const piece of read())
            for (let start = 0; start < piece.length; start += partBytes) {
              const part = piece.subarray(start, start + partBytes);
              await send(toBase64(part));
              bytes += part.length;
              onProgress({ bytes, total });
            }
        }
      await machine.insertUpload({ upload }, { signal });
      return { bytes };
    },
  );
}

/** Bytes of a part of an upload for a data CD, a multiple of 3. */
const partBytes = 192 * 1024;
/** Arguments that a function takes at once in every browser. */
const mostArguments = 32 * 1024;

function toBase64(bytes: Uint8Array): string {
  let text = "";
  for (let start = 0; start < bytes.length; start += mostArguments)
    text += String.fromCharCode(...bytes.subarray(start, start + mostArguments));
  return btoa(text);
}

interface PutOptions {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: Pick<Transfer, "bytes" | "total">) => void;
}

async function putFromHost(
  session: string,
  source: string,
  path: string,
  { signal, onProgress }: PutOptions,
): Promise<Pick<Transfer, "bytes">> {
  const transfer = await sessionClient(session).guest.putFile({ source, path }, { signal });
  for (;;) {
    const { done, value } = await transfer.next();
    if (done) return { bytes: value.bytes };
    onProgress(value);
  }
}

async function putFromBrowser(
  session: string,
  item: DroppedItem,
  path: string,
  { signal, onProgress }: PutOptions,
): Promise<Pick<Transfer, "bytes">> {
  const { bytes } = await putIntoGuest(await item.read(), path, {
    onProgress,
    openShell: (request, onOutput) => {
      const { searchParams } = new URL(
        shellChannelTarget({ ...request, purpose: "put-file" }),
        "http://session",
      );
      const channel = openByteChannel(session, shellChannelPath, Object.fromEntries(searchParams));
      return openShellOn(channel, { signal, onOutput, lost: () => connectionLost([]) });
    },
  });
  return { bytes };
}
