/** A rule of how Tinsmith writes to people, as a pattern. */
interface Rule {
  readonly name: string;
  readonly isBroken: RegExp;
  /** Texts that break it. */
  readonly planted: readonly string[];
}

/** Rules of all that people read, users or developers: few enough to be obeyed. */
const rulesOfWords: readonly Rule[] = [
  {
    name: "only a question begins with What, Who or Where",
    isBroken: /(?:^|[.:;!?] )(?:What|Who|Where)\b[^.?!]*(?:[.!]|$)/,
    planted: [
      "What it built stays.",
      "Image deleted. Where it was is free now.",
      "Who closes this gives it up",
    ],
  },
  {
    name: "is not a X, for is no X",
    isBroken: /(?<!\bthere )\b(?:is|are|was) no (?!longer\b|more\b)/i,
    planted: ["notes.txt is no image archive"],
  },
  {
    name: "the usual word: fix, restore, remove, resume, optional, again, folder, as you chose",
    isBroken:
      /\b(?:mend(?:s|ed)?|(?:bring|brought) back|off the list|go(?:es|ing)? on|went on|needless|anew|wish(?:es|ed)?|becomes? of)\b/i,
    planted: [
      "Take it off the list",
      "The guest goes on",
      "What becomes of it?",
      "Try again when that is mended",
    ],
  },
  {
    name: "one name for one thing: force off, imported archive, machine definition, CLI, QEMU command",
    isBroken: /\b(?:plug|from elsewhere|machine file|guest machine|log row|(?<!kernel's )command line)\b/i,
    planted: [
      "Pull the plug",
      "Archives from elsewhere",
      "The machine file is damaged",
      "Use the command line",
    ],
  },
  {
    name: "a build is cancelled, a run is stopped",
    isBroken:
      /\b(?:stop|end) (?:the |this |that |it or the )?build\b|\b(?:end|kill|cancel) (?:the |this |that )?run\b/i,
    planted: ["Stop the build", "End run"],
  },
];

const noPrivateMetaphor: Rule = {
  name: "no private metaphor: architecture, folder, layer, is paused, releases",
  isBroken:
    /\b(?:houses?|rooms|(?:a|the|its|own) room(?! for)|wings?|standstill|st(?:and|ands|ood) still|lets? go of|pulses?)\b/i,
  planted: [
    "The house of all images",
    "Files of the room core/image",
    "The pulse that readers wait for",
    "Tells of a standstill",
    "While the guest stands still",
    "Lets go of the lock",
  ],
};

const somebodyDoesIt: Rule = {
  name: "somebody does it: Tinsmith prints, the test checks, you choose",
  isBroken: /\b(?:(?:is|are) (?:said|told of)|(?:kept|held) by|whoever|by way of|in plain sight)\b/i,
  planted: ["Then it is said why", "Held by a test", "Images, whoever made them", "Locks, by way of koffi"],
};

const sentenceCase: Rule = {
  name: "sentence case",
  isBroken:
    /^(?!\p{Lu}\p{Ll}+ Tinsmith$|(?:Cascadia Mono|Ubuntu Server|Alpine Linux|Arch Linux)$)\p{Lu}\p{Ll}+(?: \p{Lu}\p{Ll}+)+…?$/u,
  planted: ["Delete Archive", "Open Recent"],
};

/** Rules of comments. */
export const rulesOfComments: readonly Rule[] = [
  ...rulesOfWords,
  noPrivateMetaphor,
  somebodyDoesIt,
  {
    name: "a tag names its value, without a clause with what, who or where",
    isBroken: /@(?:returns|throws)(?: AppError)? (?:what|who|where)\b/,
    planted: ["Listens to keys. @returns what ends that", "Starts a build. @throws AppError what is wrong"],
  },
];

/** Rules of pages. */
export const rulesOfPages: readonly Rule[] = [
  ...rulesOfWords,
  noPrivateMetaphor,
  sentenceCase,
  somebodyDoesIt,
];

/** Rules of what the window, the desktop app and the CLI say. */
export const rulesOfTexts: readonly Rule[] = [
  ...rulesOfWords,
  {
    name: "a button says its object",
    isBroken: /^\p{Lu}\p{Ll}+ it…?$/u,
    planted: ["Make it", "Boot it…"],
  },
  sentenceCase,
  {
    name: "no code of the system in a sentence",
    isBroken: /\s\(?E(?:NOENT|ACCES|EXIST|NOSPC|PERM|ISDIR|NOTDIR|ADDRINUSE)\b/,
    planted: ["the file can't be read: ENOENT"],
  },
];
