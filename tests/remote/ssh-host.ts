import { chmodSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { userInfo } from "node:os";
import { join } from "node:path";
import { execa, execaSync } from "execa";
import { eventually } from "../eventually.ts";
import { freePort } from "../free-port.ts";

/** An ssh server on this host that passes for another host: with a home and variables of its own. */
interface SshHost extends AsyncDisposable {
  readonly name: string;
  /** The folder in which its commands start. */
  readonly home: string;
}

/** Hosts that ssh reaches by the names in one configuration. */
export interface SshHosts extends AsyncDisposable {
  /** The file for `ssh -F`. */
  readonly config: string;
  readonly hosts: readonly SshHost[];
}

/** sshd wants its own path to be absolute. */
const sshd = "/usr/sbin/sshd";
/** The folder that an sshd of root wants; where systemd starts it, it is there. */
const privilegeSeparation = "/run/sshd";

/**
 * Starts an ssh server for each name, on a loopback port with keys of its own.
 *
 * @param folder an empty folder for their keys and homes
 * @param env variables of the commands that run there
 */
export async function startSshHosts(
  folder: string,
  names: readonly string[],
  env: (home: string) => Readonly<Record<string, string>>,
): Promise<SshHosts> {
  const { uid, username } = userInfo();
  if (uid === 0 && !existsSync(privilegeSeparation)) mkdirSync(privilegeSeparation, 0o755);
  const key = join(folder, "key");
  makeKey(key);
  await using started = new AsyncDisposableStack();
  const hosts: SshHost[] = [];
  const known: string[] = [];
  for (const name of names) {
    const home = join(folder, name);
    mkdirSync(home);
    const port = await freePort();
    hosts.push(started.use(await startHost({ name, home, port, key, env: env(home) })));
    known.push(
      ...[`Host ${name}`, "HostName 127.0.0.1", `Port ${port}`, `User ${username}`, `IdentityFile ${key}`],
      ...["IdentitiesOnly yes", "BatchMode yes", "StrictHostKeyChecking no", "LogLevel ERROR"],
      `UserKnownHostsFile ${join(folder, "known-hosts")}`,
    );
  }
  const config = join(folder, "ssh-config");
  writeFileSync(config, `${known.join("\n")}\n`, { mode: 0o600 });
  const owned = started.move();
  return { config, hosts, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

function makeKey(path: string): void {
  execaSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", path]);
}

interface HostOptions {
  readonly name: string;
  readonly home: string;
  readonly port: number;
  /** The client's key. */
  readonly key: string;
  readonly env: Readonly<Record<string, string>>;
}

async function startHost({ name, home, port, key, env }: HostOptions): Promise<SshHost> {
  const file = (suffix: string) => `${home}.${suffix}`;
  makeKey(file("host-key"));
  const variables = Object.entries(env).map(([variable, value]) => `export ${variable}='${value}'\n`);
  const login = file("login");
  writeFileSync(
    login,
    `#!/bin/sh\n${variables.join("")}cd '${home}' && exec sh -c "$SSH_ORIGINAL_COMMAND"\n`,
  );
  chmodSync(login, 0o755);
  const lines = [
    ...["ListenAddress 127.0.0.1", `Port ${port}`, `HostKey ${file("host-key")}`, `PidFile ${file("pid")}`],
    ...[`AuthorizedKeysFile ${key}.pub`, "StrictModes no", "UsePAM no", "PasswordAuthentication no"],
    ...[
      "PermitRootLogin prohibit-password",
      `ForceCommand ${login}`,
      "AllowAgentForwarding no",
      "X11Forwarding no",
    ],
  ];
  const config = file("sshd-config");
  writeFileSync(config, `${lines.join("\n")}\n`);
  const server = execa(sshd, ["-D", "-e", "-f", config], { reject: false });
  const ended = server.then(({ stderr }) => Promise.reject(new Error(`sshd has ended: ${stderr}`)));
  await Promise.race([ended, eventually(() => answers(port))]);
  ended.catch(() => {});
  return {
    ...{ name, home },
    [Symbol.asyncDispose]: async () => {
      server.kill();
      await server;
    },
  };
}

function answers(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => {
      socket.destroy();
      resolve();
    });
    socket.once("error", reject);
  });
}
