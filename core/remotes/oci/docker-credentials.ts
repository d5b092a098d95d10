import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { AppError, toAppError } from "../../../shared/errors/errors.ts";
import { readTextFile } from "../../files/text-file.ts";
import { runCommand } from "../../process/run-command.ts";

/** The credentials for a registry. */
export type Credentials =
  | { readonly user: string; readonly password: string }
  /** Exchanged for tokens, in place of a password. */
  | { readonly identityToken: string };

const configSchema = z.looseObject({
  auths: z
    .record(
      z.string(),
      z.looseObject({
        auth: z.string().optional(),
        username: z.string().optional(),
        password: z.string().optional(),
        identitytoken: z.string().optional(),
      }),
    )
    .default({}),
  credHelpers: z.record(z.string(), z.string()).default({}),
  credsStore: z.string().optional(),
});
type Config = z.infer<typeof configSchema>;

const helperReplySchema = z.looseObject({ Username: z.string(), Secret: z.string() });
/** By this user name, a helper says that the secret is an identity token. */
const tokenUser = "<token>";

/** A megabyte: `docker login` adds some lines for each registry. */
const mostBytes = 1024 ** 2;

/** Docker has its own registry's credentials under an address of former times. */
const dockerHub = { registry: "docker.io", key: "https://index.docker.io/v1/" };

/**
 * Finds the credentials that `docker login` has kept for a registry: in `config.json` in `~/.docker` or the folder that
 * `DOCKER_CONFIG` names, or with the credential helper that this file names.
 *
 * @returns undefined when there are none
 * @throws AppError `usage` for a file that is damaged, `missing-tool` and `command-failed` for a helper
 */
export async function findCredentials(
  registry: string,
  environment: Readonly<Record<string, string | undefined>>,
  signal: AbortSignal,
): Promise<Credentials | undefined> {
  const path = join(environment.DOCKER_CONFIG || join(homedir(), ".docker"), "config.json");
  if (!existsSync(path)) return undefined;
  const { auths, credHelpers, credsStore } = readConfig(path);
  const key = registry === dockerHub.registry ? dockerHub.key : registry;
  const helper = credHelpers[key] ?? credHelpers[registry] ?? credsStore;
  return (helper && (await askHelper(helper, key, signal))) || keptIn(auths, key);
}

function readConfig(path: string): Config {
  const text = readTextFile(path, { maximumBytes: mostBytes, code: "usage" });
  try {
    return configSchema.parse(JSON.parse(text));
  } catch (cause) {
    const message = `${path} can't be read as Docker's configuration`;
    throw new AppError(
      { code: "usage", message, advice: "Correct it, or use docker login again." },
      { cause },
    );
  }
}

function keptIn(auths: Config["auths"], key: string): Credentials | undefined {
  const kept = [key, `https://${key}`, `https://${key}/v2/`, `https://${key}/v1/`, `http://${key}`]
    .map((name) => auths[name])
    .find(Boolean);
  if (!kept) return undefined;
  if (kept.identitytoken) return { identityToken: kept.identitytoken };
  const [, user = kept.username ?? "", password = kept.password ?? ""] =
    /^([^:]*):(.*)$/s.exec(
      Buffer.from(kept.auth ?? "", "base64")
        .toString()
        .replace(/\0+$/, ""),
    ) ?? [];
  return user || password ? { user, password } : undefined;
}

async function askHelper(helper: string, key: string, signal: AbortSignal): Promise<Credentials | undefined> {
  const program = `docker-credential-${helper}`;
  try {
    const reply = await runCommand([program, "get"], { input: Buffer.from(key), signal });
    const { Username: user, Secret: secret } = helperReplySchema.parse(JSON.parse(reply));
    return user === tokenUser ? { identityToken: secret } : { user, password: secret };
  } catch (thrown) {
    signal.throwIfAborted();
    const { code, message, details, advice } = toAppError(thrown);
    // It says so on stdout, and fails.
    if (code === "command-failed" && details.some((line) => /credentials not found/i.test(line)))
      return undefined;
    throw new AppError(
      {
        code: code === "missing-tool" ? code : "command-failed",
        message: `the credentials for ${key} can't be got from ${program}: ${message}`,
        advice: advice ?? "Use docker login again.",
      },
      // Its output may have a password.
      {},
    );
  }
}
