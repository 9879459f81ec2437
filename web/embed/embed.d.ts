// Types of embed.js, the script that puts an Overtime meeting into a page.
// The guide is docs/embedding.md; the names of EnableX are in docs/enablex.md.

/** Why something was not done. Codes are stable; messages are for developers and may be reworded. */
export interface OvertimeError extends Error {
  readonly name: "OvertimeError";
  readonly code: OvertimeErrorCode;
  /** already_extended: who was faster, by how many minutes. */
  readonly by?: string;
  readonly minutes?: number;
  /** already_extended: the end that now holds, as RFC 3339. */
  readonly endsAt?: string;
  /** no_window: when the next window opens, as RFC 3339. */
  readonly opensAt?: string;
  /** Of joinRoom only: the same as its callback gets. */
  readonly result?: number;
  readonly error?: string;
  readonly desc?: string;
}
export const OvertimeError: {
  new (facts: { code: OvertimeErrorCode; message: string }): OvertimeError;
  readonly prototype: OvertimeError;
};

export type OvertimeErrorCode =
  // What the element itself finds.
  | "bad_arguments" // an argument or an attribute is missing or is not what it should be
  | "not_embeddable" // this page's origin is not among the server's --embed-origins
  | "unreachable" // the server did not answer
  | "detached" // the element was taken out of the page, or destroyed
  | "no_webassembly" // the browser cannot run the meeting's program
  | "old_browser"
  | "no_memory"
  | "not_loaded" // the program could not be loaded
  | "stopped" // the program broke; its page offers to load it again
  // What the meeting finds on the way.
  | "not_joined" // this person is not in the meeting (yet, or any more)
  | "offline" // the connection is lost just now; it was not done
  | "unanswered" // no answer came in time; it may have been done
  // What the server refuses.
  | "already_extended"
  | "no_window"
  | "bad_minutes"
  | "no_time_left"
  | "forbidden"
  | "unknown" // the server tried and does not know whether it was done
  | "time_up" // the end has passed and the server cannot be reached any more
  | "device_refused" // setCamera, setMicrophone: why a device does not run
  | "device_barred" // the page around does not pass the device on
  | "device_absent"
  | "device_busy"
  | "device_insecure"
  | "device_unsupported" // the browser has no WebRTC
  | "device_muted" // it runs, but the system or the browser keeps it silent or dark
  | "device_viewer" // viewers may send nothing
  | "device_failed"
  | "chat_off" // nobody writes in this room
  | "chat_full" // as much was written as a session keeps
  | "over"
  | "bad_token"
  | "expired_token"
  | "room_full"
  | "locked"
  | "denied"
  | "removed"
  | "replaced"
  | "too_late"
  | "too_many"
  | "too_much_media" // the browser went on sending more than a meeting takes
  | "network_full" // as many people of one network are inside as the server takes
  | "wrong_address" // the server is reached at another address than the frame's
  | "unknown_name" // the server was not told that people reach it by that name
  | "proxy" // a proxy in front of the server loses what the meeting needs
  | "unavailable"
  | "internal"
  | "bad_request"
  | "bad_message"
  | (string & {}); // a later server may know more

export type Role = "moderator" | "participant" | "viewer";

export interface Participant {
  /** Stable for one stay in the meeting. */
  id: string;
  name: string;
  role: Role;
  /** This page's own person. */
  self: boolean;
  microphone: boolean;
  camera: boolean;
  /** A screen is shared. */
  screen: boolean;
  /** The connection of this person is lost; the place is held for half a minute. */
  reconnecting: boolean;
  /** The place in the order of raised hands, from 1; 0: it is not raised. */
  hand: number;
}

export type ReactionName = "clap" | "heart" | "laugh" | "wow" | "thumbs_up" | "party";

export interface Reaction {
  /** Whose. */
  participant: string;
  name: ReactionName;
  /** How often, since it was told last. */
  count: number;
}

export interface ChatMessage {
  /** Counts from 1 in a session. */
  number: number;
  at: string;
  /** Who wrote it; they may have left since. */
  participant: string;
  name: string;
  /** Text and nothing else, with line breaks; empty once it was deleted. */
  text: string;
  /** By whom it was deleted; empty: it was not. */
  deleted: "" | "author" | "moderator";
}

export interface ExtensionWindow {
  /** "first" opens 10 minutes before the end, "final" 5 minutes before it. */
  window: "first" | "final";
  /** The scheduled end it is about, as RFC 3339. */
  endsAt: string;
  /** Rounded up. */
  minutesLeft: number;
  /** The most that an extension can be; 0 if a booking that follows leaves no room for one. */
  grantableMinutes: number;
}

export interface Extension {
  at: string;
  /** Whose name it was extended under. */
  by: string;
  minutes: number;
  window: "first" | "final";
  /** The end that it made. */
  endsAt: string;
}

export interface Ending {
  /** expired, ended_by_moderator or ended_by_api. */
  reason: string;
  at: string;
  by?: string;
  /** What the one who ended it said about it. */
  text?: string;
}

/** The time line. All instants are the server's, as RFC 3339 in UTC. */
export interface Session {
  room: { id: string; name: string; durationMinutes: number; latestEnd?: string };
  /** null before the first person joins. */
  startedAt: string | null;
  endsAt: string | null;
  /** The server's clock when this was said. */
  serverNow: string;
  /** How long one of the room's minutes lasts; 60000 but on test servers. */
  minuteMs: number;
  /** The extension window that is open, as everybody was told. */
  window: ExtensionWindow | null;
  extensions: Extension[];
  ending: Ending | null;
  /** What this page's person may do. */
  mayExtend: boolean;
  mayEnd: boolean;
  mayWrite: boolean;
}

export type State = "opening" | "lobby" | "waiting" | "joined" | "ended" | "left" | "closed";

/** The details of the element's events. */
export interface OvertimeEventMap {
  /** The frame is there and listens. */
  ready: { version: string };
  /** Which page of the meeting is shown. */
  state: { state: State };
  joined: { you: Participant; participants: Participant[]; session: Session };
  /** The time line changed in any way. */
  session: Session;
  /** An extension window opened, or was open when this person came. */
  "window-opened": ExtensionWindow;
  /** Somebody extended, in this page or elsewhere. */
  extended: Extension;
  ended: Ending & { session: Session };
  /**
   * This page's person is no longer in the meeting. The code is left, over,
   * removed, denied, replaced, or another of OvertimeErrorCode.
   */
  left: { code: string; message: string };
  "participant-joined": Participant;
  "participant-left": Participant;
  "participant-changed": Participant;
  reaction: Reaction;
  /** Somebody wrote, this page's person too. */
  "chat-message": ChatMessage;
  "chat-deleted": ChatMessage;
  connection: { state: "good" | "reconnecting" | "lost" };
  microphone: { on: boolean; running: boolean; trouble: string };
  camera: { on: boolean; running: boolean; trouble: string };
  /** What an app of its own would show as a notification, if the page is not looked at. */
  notify: { title: string; body: string };
  /** Something is the matter that the page around can mend. */
  trouble: { code: string; message: string };
}

export type Theme = "dark" | "light" | "auto";

/** false is "off", true is "on". */
export type Switch = "on" | "off" | boolean;

/** The attributes of the element, as frameworks write them. */
export interface OvertimeMeetingAttributes {
  server?: string | undefined;
  room?: string | undefined;
  token?: string | undefined;
  name?: string | undefined;
  theme?: Theme | undefined;
  lang?: string | undefined;
  lobby?: Switch | undefined;
  microphone?: Switch | undefined;
  camera?: Switch | undefined;
}

export interface OvertimeMeetingElement extends HTMLElement {
  // The attributes, reflected: docs/embedding.md says what each does. Unset text is
  // "" when it is read; null and undefined take an attribute away.
  get server(): string;
  set server(value: string | null | undefined);
  get room(): string;
  set room(value: string | null | undefined);
  /** Lets in. It goes to the frame by message and stands in no address. */
  get token(): string;
  set token(value: string | null | undefined);
  /** What the person is called, if the token does not say. */
  get name(): string;
  set name(value: string | null | undefined);
  get theme(): Theme | "";
  set theme(value: Theme | "" | null | undefined);
  /** "off": straight in, without the page where one looks at oneself first. */
  get lobby(): "on" | "off";
  set lobby(value: Switch | null | undefined);
  /** "off": turned off at first. */
  get microphone(): "on" | "off";
  set microphone(value: Switch | null | undefined);
  get camera(): "on" | "off";
  set camera(value: Switch | null | undefined);
  lang: string;

  /** Fulfilled when the frame listens; rejected if it cannot be shown here. A new one each time the element is put into a page. */
  readonly ready: Promise<void>;
  readonly state: State;
  /** Milliseconds until the scheduled end by the server's clock, or null before the meeting starts and after it ended. */
  readonly remaining: number | null;

  /** Enters without the lobby. Fulfilled once inside. */
  join(): Promise<{ you: Participant; participants: Participant[]; session: Session }>;
  /** Answers the open window. Without minutes the room's usual length is asked for. */
  extend(minutes?: number): Promise<{ extendedMinutes: number; endsAt: string }>;
  /** Ends the meeting for everybody. For moderators. */
  end(reason?: string): Promise<void>;
  /** Leaves; the meeting goes on. */
  leave(): Promise<void>;
  session(): Promise<Session>;
  participants(): Promise<Participant[]>;
  setMicrophone(on: boolean): Promise<void>;
  setCamera(on: boolean): Promise<void>;
  raiseHand(): Promise<void>;
  /** One's own or, as a moderator, a participant's. */
  lowerHand(participant?: string): Promise<void>;
  /** Everybody's. For moderators. */
  lowerHands(): Promise<void>;
  react(name: ReactionName): Promise<void>;
  /** Writes to everybody: up to 2,000 characters. Fulfilled once it is kept. */
  sendMessage(text: string): Promise<ChatMessage>;
  /** One's own or, as a moderator, anybody's. */
  deleteMessage(number: number): Promise<void>;
  /** The newest messages: 50 at least, if there are so many. */
  messages(): Promise<ChatMessage[]>;

  addEventListener<K extends keyof OvertimeMeetingElementEventMap>(
    type: K,
    listener: (this: OvertimeMeetingElement, event: OvertimeMeetingElementEventMap[K]) => void,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener(type: string, listener: EventListenerOrEventListenerObject, options?: boolean | AddEventListenerOptions): void;
  removeEventListener<K extends keyof OvertimeMeetingElementEventMap>(
    type: K,
    listener: (this: OvertimeMeetingElement, event: OvertimeMeetingElementEventMap[K]) => void,
    options?: boolean | EventListenerOptions,
  ): void;
  removeEventListener(type: string, listener: EventListenerOrEventListenerObject, options?: boolean | EventListenerOptions): void;
}

/** The element's events, beside those of every element. */
export type OvertimeMeetingElementEventMap = HTMLElementEventMap & {
  [K in keyof OvertimeEventMap]: CustomEvent<OvertimeEventMap[K]>;
};

// The names of EnableX.

export interface Refusal {
  /** Never 0. docs/enablex.md lists them. */
  result: number;
  /** A stable code. */
  error: string;
  /** What it means. */
  desc: string;
}

export interface EnxUser {
  clientId: string;
  name: string;
  role: Role;
}

export interface EnxEvent {
  type: string;
  message: any;
  room?: EnxRoom & { duration: number };
  user?: EnxUser;
  users?: EnxUser[];
  me?: EnxUser;
  error?: number;
}

export interface EnxRoom {
  readonly clientId: string;
  /** null before this person is in and afterwards. */
  readonly me: EnxUser | null;
  readonly userList: Map<string, EnxUser>;
  /** Minutes left, rounded up. */
  readonly duration: number;
  addEventListener(type: string, listener: (event: EnxEvent) => void): void;
  removeEventListener(type: string, listener: (event: EnxEvent) => void): void;
  extendConferenceDuration(callback?: (answer: { result: 0; extendedTime: number } | Refusal) => void): void;
  destroy(callback?: (answer: { result: 0 } | Refusal) => void): void;
  /** To everybody only: with broadcast false and clientIds it is refused. */
  sendMessage(message: string, broadcast?: boolean, clientIds?: string[], callback?: (answer: { result: 0 } | Refusal) => void): void;
  /** Raises this person's hand. */
  requestFloor(callback?: (answer: { result: 0 } | Refusal) => void): void;
  cancelFloor(callback?: (answer: { result: 0 } | Refusal) => void): void;
  /** Lowers somebody's hand. For moderators. */
  denyFloor(clientId: string, callback?: (answer: { result: 0 } | Refusal) => void): void;
  disconnect(): void;
}

export interface JoinOptions {
  /** Where the meeting is shown: an element or a selector. By default at the end of the page. */
  container?: Element | string;
  /** By default the server that the script came from. */
  server?: string;
  audio?: boolean;
  video?: boolean;
  audioMuted?: boolean;
  videoMuted?: boolean;
  attributes?: { name?: string };
  theme?: Theme;
  lang?: string;
}

export interface OvertimeGlobal {
  readonly version: string;
  readonly OvertimeError: typeof OvertimeError;
  joinRoom(
    token: string,
    options?: JoinOptions,
    callback?: (success: { room: EnxRoom } | undefined, error: Refusal | undefined) => void,
  ): Promise<EnxRoom>;
}

declare const overtime: OvertimeGlobal;
export { overtime as Overtime };
export const OvertimeMeetingElement: { new (): OvertimeMeetingElement; prototype: OvertimeMeetingElement };

declare global {
  // As /embed.js makes it.
  var Overtime: OvertimeGlobal;
  interface HTMLElementTagNameMap {
    "overtime-meeting": OvertimeMeetingElement;
  }
}
