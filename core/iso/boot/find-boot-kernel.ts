import { extractKernel, type IsoKernel } from "./iso-kernel.ts";

interface KernelOptions {
  /** An existing folder for the kernel's files. */
  readonly working: string;
  readonly onNote: (text: string) => void;
}

/** Extracts the kernel of an ISO's boot entry, if one is wanted. @throws AppError as `extractKernel` */
export async function findBootKernel(
  iso: string,
  entry: string | null | undefined,
  { working, onNote }: KernelOptions,
): Promise<{ readonly bootKernel?: IsoKernel }> {
  if (entry === undefined || entry === null) return {};
  const bootKernel = await extractKernel(iso, entry, working);
  onNote(
    `While the disk doesn't boot, the guest boots the kernel of ${JSON.stringify(bootKernel.title)} with the parameters ${JSON.stringify(bootKernel.parameters)}.`,
  );
  return { bootKernel };
}
