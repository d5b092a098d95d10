import { Option } from "commander";

export const allowedSigners = () =>
  new Option(
    "--allowed-signers <FILE>",
    "the keys whose signatures count, as ssh-keygen has them; by default, the file allowed_signers beside the settings",
  );

/** The part of `--help` about addresses. */
export const addressHelp = `Addresses:
  oci://REGISTRY/NAME:TAG                an OCI registry, also with @sha256:DIGEST in place of :TAG
  https://HOST/PATH[#sha256=HEX]         a web server, for fetching; HEX is the archive's digest
  file:PATH[#sha256=HEX]                 a file, such as one on a shared disk`;
