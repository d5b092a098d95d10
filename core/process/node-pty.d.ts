/// <reference path="../node_modules/node-pty/node-pty.d.ts" />

// The package's types know it by the name under which it is published only.
declare module "node-pty" {
  export * from "@lydell/node-pty";
}
