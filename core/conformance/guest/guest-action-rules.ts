import type { GuestRule } from "./guest-rule.ts";

/** Makes the files that the actions ask for. */
const makeFiles =
  "rm -rf /tmp/conformance; mkdir -p /tmp/conformance/deep; echo text >/tmp/conformance/deep/file";
/** Makes things that are not plain files beside these. */
const makeOthers = "cd /tmp/conformance/deep; mkfifo pipe; ln -s file link";
/** Makes 3,200 files with paths of 3.4 kB each, so that a listing of them is larger than 10 MiB. */
const makeTooMany = [
  "rm -rf /tmp/conformance; mkdir /tmp/conformance; cd /tmp/conformance; name=$(printf %0200d 0)",
  "depth=0; while [ $depth -lt 16 ]; do mkdir $name; cd $name; depth=$((depth + 1)); done",
  "file=0; while [ $file -lt 3200 ]; do : >$name$file; file=$((file + 1)); done",
].join("; ");

/** Rules about actions. */
export const guestActionRules: readonly GuestRule[] = [
  {
    id: "poll-during-task",
    sentence: "Guest tools poll for actions while the task runs.",
    source: "Actions",
    kind: "binding",
    scenario: {
      command: ["sh", "-c", "echo started; sleep 5"],
      actions: [
        { "get-artifact": "/no/such/file", when: { log: "started" }, expect: { missing: true, within: 4 } },
      ],
      expect: [{ result: "success" }],
    },
  },
  {
    id: "poll-after-result",
    sentence: "Guest tools poll on after the result: they never exit.",
    source: "Endpoints, success and failed",
    kind: "binding",
    scenario: {
      command: ["true"],
      actions: [{ "get-artifact": "/no/such/file", when: { after: 4 }, expect: { missing: true } }],
      expect: [{ result: "success", within: 4 }],
    },
  },
  {
    id: "poll-again",
    sentence: "Guest tools poll again after a poll that failed, and not at once.",
    source: "Actions",
    kind: "binding",
    scenario: {
      command: ["sleep", "6"],
      rules: [
        { name: "refused", when: { endpoint: "poll" }, steps: [{ answer: { status: 503 } }], times: 2 },
      ],
      actions: [{ "get-artifact": "/no/such/file", expect: { missing: true, within: 12 } }],
      expect: [{ result: "success" }, { exchanges: { endpoint: "poll", status: 503, count: 2 } }],
    },
  },
  {
    id: "poll-gives-up",
    sentence: "Guest tools give up a poll without an answer after 35 s, and poll again.",
    source: "Actions",
    kind: "binding",
    scenario: {
      command: ["sleep", "38"],
      timeout: 45,
      rules: [{ name: "dropped", when: { endpoint: "poll" }, steps: [{ drop: true }] }],
      actions: [
        { "get-artifact": "/no/such/file", when: { after: 30 }, expect: { missing: true, within: 10 } },
      ],
      expect: [{ result: "success" }],
    },
  },
  {
    id: "unknown-action",
    sentence: "Guest tools don't reply to an action of an unknown type, and poll on.",
    source: "Actions",
    kind: "binding",
    scenario: {
      command: ["sleep", "3"],
      timeout: 40,
      actions: [
        { composed: '{"type": "later-than-this-protocol"}', expect: { error: "guest-no-answer" } },
        { "get-artifact": "/no/such/file", when: { after: 1 }, expect: { missing: true, within: 5 } },
      ],
      expect: [{ result: "success" }],
    },
  },
  {
    id: "list-folder",
    sentence: "A listing has all plain files in the folder and below, with Content-Type application/json.",
    source: "Actions, list-folder",
    kind: "binding",
    scenario: {
      command: ["sh", "-c", `${makeFiles}; echo made; sleep 3`],
      actions: [
        {
          "list-folder": "/tmp/conformance",
          when: { log: "made" },
          expect: { files: ["/tmp/conformance/deep/file"] },
        },
      ],
      expect: [{ result: "success" }, { exchanges: { endpoint: "reply", status: 200, least: 1 } }],
    },
  },
  {
    id: "list-folder-plain",
    sentence: "A listing has plain files only: no folders, links or pipes.",
    source: "Actions, list-folder",
    kind: "binding",
    scenario: {
      command: ["sh", "-c", `${makeFiles}; ${makeOthers}; echo made; sleep 3`],
      actions: [
        {
          "list-folder": "/tmp/conformance",
          when: { log: "made" },
          expect: {
            files: ["/tmp/conformance/deep/file"],
            lacks: ["/tmp/conformance/deep", "/tmp/conformance/deep/link", "/tmp/conformance/deep/pipe"],
          },
        },
      ],
      expect: [{ result: "success" }],
    },
  },
  {
    id: "list-folder-missing",
    sentence: "A listing of a folder that does not exist says notFound.",
    source: "Actions, list-folder",
    kind: "binding",
    scenario: {
      command: ["sleep", "2"],
      actions: [{ "list-folder": "/no/such/folder", expect: { missing: true } }],
      expect: [{ result: "success" }],
    },
  },
  {
    id: "list-folder-too-large",
    sentence:
      "A listing of more than 10 MiB is not shortened to fit: the service must refuse it. Guest tools poll on.",
    source: "Actions, list-folder",
    kind: "addition",
    scenario: {
      command: ["sh", "-c", `${makeTooMany}; echo made; sleep 10; rm -rf /tmp/conformance`],
      timeout: 60,
      actions: [
        {
          "list-folder": "/tmp/conformance",
          when: { log: "made" },
          expect: { error: "guest-action-failed" },
        },
        {
          "get-artifact": "/no/such/file",
          when: { log: "made", after: 2 },
          expect: { missing: true, within: 8 },
        },
      ],
      expect: [{ result: "success" }, { exchanges: { endpoint: "reply", status: 400, least: 1 } }],
    },
  },
  {
    id: "get-artifact",
    sentence: "An artifact is sent byte for byte.",
    source: "Actions, get-artifact",
    kind: "binding",
    scenario: {
      command: ["sh", "-c", `${makeFiles}; echo made; sleep 3`],
      actions: [
        {
          "get-artifact": "/tmp/conformance/deep/file",
          when: { log: "made" },
          expect: { content: "text\n" },
        },
      ],
      expect: [{ result: "success" }],
    },
  },
  {
    id: "get-artifact-missing",
    sentence:
      "For a file that does not exist, the reply has the header X-Taskcluster-Worker-Error: file-not-found.",
    source: "Actions, get-artifact",
    kind: "binding",
    scenario: {
      command: ["sleep", "2"],
      actions: [{ "get-artifact": "/no/such/file", expect: { missing: true } }],
      expect: [{ result: "success" }],
    },
  },
  {
    id: "reply-again",
    sentence: "The reply to list-folder is sent again after a broken connection.",
    source: "Errors, Repeat",
    kind: "addition",
    scenario: {
      command: ["sleep", "4"],
      rules: [{ name: "cut", when: { endpoint: "reply" }, steps: [{ cut: {} }] }],
      actions: [{ "list-folder": "/no/such/folder", expect: { missing: true } }],
      expect: [{ result: "success" }, { retries: { endpoint: "reply", least: 1 } }],
    },
  },
  {
    id: "action-lenient",
    sentence: "Guest tools take null and missing keys of an action as empty, and ignore unknown keys.",
    source: "Errors, Read leniently",
    kind: "binding",
    scenario: {
      command: ["sleep", "2"],
      timeout: 15,
      actions: [
        {
          composed:
            '{"type": "list-folder", "path": "/no/such/folder", "command": null, "tty": null, "later": {}}',
          expect: { text: "notFound", within: 10 },
        },
        {
          composed: '{"type": "get-artifact", "path": "/no/such/file"}',
          expect: { headers: { "X-Taskcluster-Worker-Error": "file-not-found" }, within: 10 },
        },
      ],
      expect: [{ result: "success" }],
    },
  },
  {
    id: "actions-at-once",
    sentence: "Guest tools perform several actions at once.",
    source: "Actions",
    kind: "binding",
    scenario: {
      command: ["sleep", "4"],
      timeout: 10,
      actions: [
        { shell: ["sleep", "3"] },
        { "get-artifact": "/no/such/file", when: { after: 0.5 }, expect: { missing: true, within: 2 } },
      ],
      expect: [{ result: "success" }],
    },
  },
  {
    id: "artifact-length",
    sentence: "An artifact has a Content-Length.",
    source: "Actions, get-artifact",
    kind: "addition",
    scenario: {
      command: ["sh", "-c", `${makeFiles}; echo made; sleep 3`],
      actions: [
        {
          composed: '{"type": "get-artifact", "path": "/tmp/conformance/deep/file"}',
          when: { log: "made" },
          expect: { content: "text\n", headers: { "Content-Length": "5" } },
        },
      ],
      expect: [{ result: "success" }],
    },
  },
];
