// Puts an Overtime meeting into a page: the element <overtime-meeting>, and
// Overtime.joinRoom with the names of EnableX. What is promised stands in
// embed.d.ts; docs/embedding.md is the guide, docs/enablex.md the other one.
//
// The meeting is a frame of the server. This page connects to it once by a
// window message, to the server's origin only and with a port; everything else
// is said over the port, where nobody else can listen or speak.
"use strict";

(() => {
  const VERSION = "1.2.0";
  if (typeof window === "undefined" || window.Overtime) {
    return; // loaded twice: the first one serves both
  }
  const script = document.currentScript;
  const home = script && script.src ? new URL(script.src).origin : "";

  // What a meeting uses of the browser; a frame has none of it by itself.
  const ALLOW = "camera; microphone; display-capture; autoplay; screen-wake-lock; clipboard-write";
  const SILENCE = 4000; // ms after which we ask why a loaded frame says nothing
  const PATIENCE = 45000; // ms after which it is none of ours, or never comes
  const LOADING = 300000; // ms for the program to come, over a slow network
  const ANSWER = 40000; // ms; the meeting itself gives up after 25 s
  const MOVING = 2000; // ms for an element that is moved to be in the page again
  const PARTING = 15000; // ms for a goodbye to be said, over a slow network
  const DEAD = ["bad_token", "expired_token"]; // which a new token mends at once
  const BROKEN = ["no_webassembly", "old_browser", "no_memory", "not_loaded", "stopped"]; // no program answers any more
  const TEXTS = ["server", "room", "token", "name", "theme"];
  const SWITCHES = ["lobby", "microphone", "camera"]; // on, but where "off" is said
  const LOOK = ["accent", "surface", "radius", "font", "logo"];
  const STYLE =
    ":host{display:block;position:relative;min-width:0;height:480px;overflow:hidden}" +
    ":host([hidden]){display:none}" +
    "iframe{display:block;border:0;width:100%;height:100%}" +
    "p{box-sizing:border-box;margin:0;padding:24px;height:100%;overflow:auto;background:#171b22;color:#e8ecf2;" +
    "font:16px/1.5 system-ui,sans-serif}";

  class OvertimeError extends Error {
    constructor({ code, message, ...facts }) {
      super(message);
      this.name = "OvertimeError";
      Object.assign(this, { code }, facts);
    }
  }
  const fault = (code, message) => new OvertimeError({ code, message });

  // roomOf reads the room in a token; whether the token is good is the server's to say.
  function roomOf(token) {
    try {
      const claims = token.split(".")[1].replace(/-/g, "+").replace(/_/g, "/");
      return JSON.parse(atob(claims)).room || "";
    } catch {
      return "";
    }
  }

  // originOf is the origin of a server's address, empty if it is none.
  function originOf(address) {
    try {
      const url = new URL(address);
      return /^https?:$/.test(url.protocol) ? url.origin : "";
    } catch {
      return "";
    }
  }

  // promise is one that others keep; nobody has to wait for it.
  function promise() {
    const p = {};
    p.promise = new Promise((resolve, reject) => Object.assign(p, { resolve, reject }));
    p.promise.catch(() => {});
    return p;
  }

  // The smallest number that no meeting in this page has: what the browser
  // remembers of a place in the meeting belongs to it, also after a reload.
  const slots = new Set();
  function takeSlot() {
    let n = 0;
    while (slots.has(n)) {
      n++;
    }
    slots.add(n);
    return n;
  }

  // goodbye gives up the place of a meeting that is taken out of the page for good.
  // Its frame went at once, so another one says it, with no meeting in it. What is
  // put back in time, or opened again by another element, was only moved.
  const goodbyes = new Map(); // how to take one back, by its address
  function goodbye(address) {
    const frame = document.createElement("iframe");
    frame.hidden = true;
    frame.src = address;
    let loads = 0;
    frame.addEventListener("load", () => ++loads > 1 && takeBack()); // it goes elsewhere when it is done
    let timer = setTimeout(() => {
      document.body.append(frame);
      timer = setTimeout(takeBack, PARTING);
    }, MOVING);
    const takeBack = () => {
      clearTimeout(timer);
      frame.remove();
      goodbyes.delete(address);
    };
    goodbyes.set(address, takeBack);
  }

  class OvertimeMeeting extends HTMLElement {
    static observedAttributes = ["server", "room", "token", "name", "lang", "theme", "class", "style"];

    #root = this.attachShadow({ mode: "open" });
    #ready = promise();
    #failed = false; // ready was rejected and the element is still here
    #state = "opening";
    #out = ""; // why this person is out, as told last
    #entered = ""; // the token that the frame was entered with
    #frame = null;
    #origin = "";
    #port = null;
    #slot = -1;
    #goodbye = ""; // the address where one is said to the meeting that is open
    #calls = new Map(); // by id: {resolve, reject, timer}
    #lastID = 0;
    #silence = 0;
    #greeted = false; // the frame said that it is there
    #due = false; // an opening is planned
    #time = null; // {session, at}: the newest time line, and when it came

    constructor() {
      super();
      const sheet = new CSSStyleSheet(); // which a Content-Security-Policy does not mind
      sheet.replaceSync(STYLE);
      this.#root.adoptedStyleSheets = [sheet];
    }

    // upgrade takes over what was set before this script was there.
    #upgrade() {
      for (const name of TEXTS.concat(SWITCHES)) {
        if (Object.hasOwn(this, name)) {
          const value = this[name];
          delete this[name];
          this[name] = value;
        }
      }
    }

    connectedCallback() {
      this.#upgrade();
      document.addEventListener("visibilitychange", this.#looked);
      this.#plan();
    }

    disconnectedCallback() {
      document.removeEventListener("visibilitychange", this.#looked);
      if (this.#state === "joined") {
        goodbye(this.#goodbye);
      }
      this.#close(fault("detached", "The meeting was taken out of the page."));
      this.#ready = promise();
      this.#failed = false;
    }

    // Where it is there, a page can move the element as it is (moveBefore).
    connectedMoveCallback() {}

    attributeChangedCallback(name, was, now) {
      if (!this.isConnected || was === now) {
        return;
      }
      if (name === "theme" || name === "lang" || name === "class" || name === "style") {
        if (this.#port) {
          this.#send("look", this.#style()).catch(() => {});
        }
      } else if (name === "server" || name === "room" || !this.#frame || DEAD.includes(this.#out)) {
        this.#plan(); // a token and a name count at the next entry
      }
    }

    get ready() {
      return this.#ready.promise;
    }
    get state() {
      return this.#state;
    }
    get remaining() {
      const s = this.#time && this.#time.session;
      if (!s || !s.endsAt || s.ending) {
        return null;
      }
      return Math.max(0, Date.parse(s.endsAt) - Date.parse(s.serverNow) - (performance.now() - this.#time.at));
    }

    async join() {
      if (["ended", "left", "closed"].includes(this.#state) && this.token !== this.#entered) {
        this.#open(); // the frame knows the old token only
      }
      return this.#call("join");
    }
    extend(minutes) {
      return this.#call("extend", minutes === undefined ? {} : { minutes });
    }
    end(reason = "") {
      return this.#call("end", { reason: String(reason) }).then(() => {});
    }
    leave() {
      return this.#call("leave").then(() => {});
    }
    session() {
      return this.#call("session").then((s) => this.#told(s));
    }
    participants() {
      return this.#call("participants");
    }
    setMicrophone(on) {
      return this.#call("microphone", { on: Boolean(on) }).then(() => {});
    }
    setCamera(on) {
      return this.#call("camera", { on: Boolean(on) }).then(() => {});
    }

    raiseHand() {
      return this.#call("hand", { up: true }).then(() => {});
    }
    lowerHand(participant = "") {
      return this.#call("hand", { up: false, participant: String(participant) }).then(() => {});
    }
    lowerHands() {
      return this.#call("hands").then(() => {});
    }
    react(name) {
      return this.#call("react", { name: String(name) }).then(() => {});
    }
    sendMessage(text) {
      return this.#call("write", { text: String(text) });
    }
    deleteMessage(number) {
      return this.#call("delete", { number: Number(number) }).then(() => {});
    }
    messages() {
      return this.#call("messages");
    }

    // plan opens in a moment: whoever made the element may still set attributes.
    #plan() {
      if (!this.#due) {
        this.#due = true;
        queueMicrotask(() => {
          this.#due = false;
          if (this.isConnected) {
            this.#open();
          }
        });
      }
    }

    #open() {
      if (this.#frame) {
        this.#close(fault("detached", "The meeting was opened anew."));
        this.#failed = true;
      }
      if (this.#failed) {
        this.#ready = promise();
        this.#failed = false;
      }
      this.#origin = this.server ? originOf(this.server) : home;
      const room = this.room || roomOf(this.token);
      if (!this.#origin) {
        this.#fail(fault("bad_arguments", "Say which server has the meeting: set the attribute server to its address."));
      } else if (!this.token) {
        this.#show("This meeting has no token yet."); // it may be on its way
      } else if (!room) {
        this.#fail(fault("bad_arguments", "The token is damaged, or the room is missing: set both as the server gave them."));
      } else {
        this.#slot = takeSlot();
        this.#goodbye = `${this.#origin}/embed/goodbye.html#room=${encodeURIComponent(room)}&slot=${this.#slot}`;
        goodbyes.get(this.#goodbye)?.();
        const frame = document.createElement("iframe");
        frame.allow = ALLOW;
        frame.title = "Meeting";
        frame.referrerPolicy = "no-referrer";
        frame.src = `${this.#origin}/embed/${encodeURIComponent(room)}`;
        frame.addEventListener("load", () => this.#connect(frame));
        this.#frame = frame;
        this.#silence = setTimeout(() => this.#fail(fault("unreachable", this.#silent())), PATIENCE);
        this.#root.replaceChildren(frame);
      }
    }

    // connect greets what was loaded, by a message for the server's origin: no
    // other page that may be in the frame instead hears it.
    #connect(frame) {
      if (frame !== this.#frame || !frame.contentWindow) {
        return;
      }
      this.#hangUp(fault("unreachable", "The meeting was loaded anew."));
      if (this.#failed) {
        this.#ready = promise();
        this.#failed = false;
      }
      const { port1, port2 } = new MessageChannel();
      this.#port = port1;
      port1.onmessage = (event) => this.#hear(JSON.parse(event.data));
      frame.contentWindow.postMessage({ overtime: "connect", version: 1 }, this.#origin, [port2]);
      this.#silence = setTimeout(() => this.#unheard(port1), SILENCE);
    }

    #silent() {
      return (
        `${this.#origin} does not answer. Either it cannot be reached, or it does not let ${location.origin} show ` +
        "meetings (--embed-origins), or this page's Content-Security-Policy does not allow it (frame-src)."
      );
    }

    // unheard finds out why a loaded frame says nothing.
    async #unheard(port) {
      this.#silence = setTimeout(() => this.#fail(fault("unreachable", this.#silent())), PATIENCE);
      let refused = false;
      try {
        const answer = await fetch(`${this.#origin}/embed/origin`, { credentials: "omit" });
        refused = !(await answer.json()).embeddable;
      } catch {
        // Away, or not allowed to be asked: what follows the patience names both.
      }
      if (refused && port === this.#port && !this.#greeted) {
        this.#fail(
          fault(
            "not_embeddable",
            `${this.#origin} does not let ${location.origin} show meetings. Whoever runs it adds that origin to --embed-origins.`,
          ),
        );
      }
    }

    #hear(said) {
      if (said.here) {
        this.#greeted = true;
        clearTimeout(this.#silence);
        this.#enter();
      } else if (said.event) {
        this.#happened(said.event, said.detail);
      } else if (this.#calls.has(said.id)) {
        const call = this.#calls.get(said.id);
        this.#calls.delete(said.id);
        clearTimeout(call.timer);
        said.error ? call.reject(new OvertimeError(said.error)) : call.resolve(said.result);
      }
    }

    #enter() {
      const ready = this.#ready;
      const port = this.#port;
      const off = (name) => (this[name] === "off" ? false : undefined);
      const args = {
        token: this.token,
        name: this.name,
        lobby: this.lobby !== "off",
        slot: String(this.#slot),
        microphone: off("microphone"),
        camera: off("camera"),
        ...this.#style(),
      };
      this.#entered = args.token;
      this.#send("enter", args, LOADING).then(
        () => {
          ready.resolve();
          this.#dispatch("ready", { version: VERSION });
        },
        (error) => port === this.#port && this.#fail(error), // else another load of the frame has its own entry
      );
    }

    #style() {
      const style = getComputedStyle(this);
      const look = {};
      for (const name of LOOK) {
        look[name] = style.getPropertyValue(`--overtime-${name}`).trim();
      }
      return { theme: this.theme, lang: this.lang, look };
    }

    #happened(name, detail) {
      if (name === "state") {
        this.#state = detail.state;
        this.#out = "";
      } else if (name === "left") {
        this.#out = detail.code;
      }
      if (name === "trouble" && BROKEN.includes(detail.code)) {
        this.#ready.reject(fault(detail.code, detail.message)); // until the frame is loaded again
        this.#failed = true;
      }
      const session = name === "session" ? detail : detail && detail.session;
      if (session) {
        this.#told(session);
      }
      this.#dispatch(name, detail);
    }

    #told(session) {
      this.#time = { session, at: performance.now() };
      return session;
    }

    // looked: this device may have slept, and its clock with it.
    #looked = () => {
      if (!document.hidden && this.#port && this.#time) {
        this.session().catch(() => {});
      }
    };

    #dispatch(type, detail) {
      this.dispatchEvent(new CustomEvent(type, { detail }));
    }

    async #call(name, args) {
      if (!this.isConnected) {
        throw fault("detached", "The meeting is not in a page. Put the element into one first.");
      }
      await this.ready;
      return this.#send(name, args);
    }

    #send(name, args = {}, limit = ANSWER) {
      return new Promise((resolve, reject) => {
        if (!this.#port) {
          reject(fault("detached", "The meeting is not in the page any more."));
          return;
        }
        const id = ++this.#lastID;
        const late = () => {
          this.#calls.delete(id);
          reject(
            limit === LOADING
              ? fault("unreachable", "The meeting could not be loaded in time. Check the connection, then reload the page.")
              : fault("unanswered", "No answer came in time, so it may have been done or not."),
          );
        };
        // Whoever waits to be let in may wait for long.
        const timer = name === "join" ? 0 : setTimeout(late, limit);
        this.#calls.set(id, { resolve, reject, timer });
        this.#port.postMessage(JSON.stringify({ id, call: name, args }));
      });
    }

    // fail shows why there is no meeting here, and tells whoever waits for one.
    #fail(error) {
      this.#close(error);
      this.#failed = true;
      this.#show(error.message);
      this.#dispatch("trouble", { code: error.code, message: error.message });
    }

    #show(words) {
      const p = document.createElement("p");
      p.setAttribute("role", "alert");
      p.textContent = words;
      this.#root.replaceChildren(p);
    }

    #close(error) {
      this.#hangUp(error);
      this.#ready.reject(error);
      slots.delete(this.#slot);
      this.#slot = -1;
      this.#frame = null;
      this.#time = null;
      this.#state = "opening";
      this.#out = "";
      this.#root.replaceChildren();
    }

    #hangUp(error) {
      clearTimeout(this.#silence);
      this.#greeted = false;
      if (this.#port) {
        this.#port.onmessage = null;
        this.#port.close();
        this.#port = null;
      }
      for (const call of this.#calls.values()) {
        clearTimeout(call.timer);
        call.reject(error);
      }
      this.#calls.clear();
    }
  }
  // Attributes are properties, too: frameworks set what they find of these.
  for (const name of TEXTS.concat(SWITCHES)) {
    const text = TEXTS.includes(name);
    Object.defineProperty(OvertimeMeeting.prototype, name, {
      get() {
        const value = this.getAttribute(name);
        return text ? value || "" : value === "off" ? "off" : "on";
      },
      set(value) {
        const written = text ? value ?? null : value === false || value === "off" ? "off" : null;
        written === null ? this.removeAttribute(name) : this.setAttribute(name, written);
      },
    });
  }

  // The names of EnableX, over the element.

  // Numbers of refusals: those of EnableX where it has one that fits, and ours
  // from 1700 on.
  const NUMBERS = {
    forbidden: 1168,
    already_extended: 1140,
    bad_minutes: 1155,
    bad_arguments: 1155,
    bad_request: 1155,
    not_joined: 1171,
    offline: 1171,
    detached: 1171,
    unreachable: 1171,
    no_window: 1701,
    no_time_left: 1702,
    over: 1703,
    unanswered: 1704,
    bad_token: 1705,
    expired_token: 1706,
    room_full: 1707,
    locked: 1708,
    denied: 1709,
    removed: 1710,
    replaced: 1711,
    too_late: 1712,
    not_embeddable: 1713,
    too_many: 1714,
    unavailable: 1715,
    chat_off: 1716,
    chat_full: 1717,
  };
  const refusal = (e) => ({ result: NUMBERS[e.code] || 1700, error: e.code || "internal", desc: e.message });

  const CAUSES = {
    ended_by_moderator: [2001, "disconnected-by-moderator"],
    ended_by_api: [2001, "disconnected-by-moderator"],
    removed: [2001, "disconnected-by-moderator"],
    expired: [2003, "session-expired"],
    denied: [2004, "user-denied"],
    replaced: [2005, "replaced"],
    time_up: [2005, "reconnect-failed"],
    offline: [2005, "reconnect-failed"],
    left: [2006, "normal-disconnect"],
  };

  const MARKS = [
    ["hand", "floor-requested", "floor-cancelled"],
    ["screen", "share-started", "share-stopped"],
  ];

  const userOf = ({ id, name, role }) => ({ clientId: id, name, role });

  class Room {
    #element;
    #listeners = new Map();
    #held = []; // events until the newcomer could add listeners
    #reason = ""; // why the session ended
    // By id, what of people EnableX has events for: when it begins and when it ends.
    #marks = { hand: new Set(), screen: new Set() };
    #minute = 60000; // ms of one of the room's minutes

    constructor(element) {
      this.#element = element;
      this.me = null;
      this.clientId = "";
      this.userList = new Map();
      const on = (type, f) => element.addEventListener(type, (event) => f(event.detail));
      on("session", (s) => (this.#minute = s.minuteMs));
      on("joined", (d) => this.#joined(d));
      on("window-opened", (w) => this.#emit("conference-remaining-duration", { message: { timeLeft: w.minutesLeft, ...w } }));
      on("extended", (e) =>
        this.#emit("conference-extended", { message: { extendedTime: e.minutes, by: e.by, endsAt: e.endsAt, timeLeft: this.duration } }),
      );
      on("participant-joined", (p) => this.#came(p, "user-connected"));
      on("participant-left", (p) => this.#came(p, "user-disconnected"));
      on("participant-changed", (p) => this.#changed(p));
      on("chat-message", (m) => this.#written(m));
      on("connection", (c) => this.#network(c.state));
      on("ended", (e) => (this.#reason = e.reason));
      on("left", (l) => this.#left(l));
    }

    get duration() {
      const left = this.#element.remaining;
      return left === null ? 0 : Math.ceil(left / this.#minute);
    }

    addEventListener(type, listener) {
      if (!this.#listeners.has(type)) {
        this.#listeners.set(type, new Set());
      }
      this.#listeners.get(type).add(listener);
    }

    removeEventListener(type, listener) {
      const listeners = this.#listeners.get(type);
      if (listeners) {
        listeners.delete(listener);
      }
    }

    extendConferenceDuration(callback) {
      answer(this.#element.extend().then((g) => ({ result: 0, extendedTime: g.extendedMinutes })), callback);
    }

    destroy(callback) {
      answer(this.#element.end().then(() => ({ result: 0 })), callback);
    }

    // Messages go to everybody: there are none from one to another.
    sendMessage(message, broadcast, clientIds, callback) {
      const few = broadcast === false || (broadcast !== true && clientIds && clientIds.length);
      const sent = few
        ? Promise.reject(fault("bad_arguments", "A message goes to everybody in the meeting: broadcast it."))
        : this.#element.sendMessage(message).then(() => ({ result: 0 }));
      answer(sent, callback);
    }

    // The floor is asked for by a raised hand.
    requestFloor(callback) {
      answer(this.#element.raiseHand().then(() => ({ result: 0 })), callback);
    }
    cancelFloor(callback) {
      answer(this.#element.lowerHand().then(() => ({ result: 0 })), callback);
    }
    denyFloor(clientId, callback) {
      const denied = clientId
        ? this.#element.lowerHand(clientId).then(() => ({ result: 0 }))
        : Promise.reject(fault("bad_arguments", "Say whose request for the floor is denied: a clientId."));
      answer(denied, callback);
    }

    disconnect() {
      this.#element.leave().catch(() => {});
    }

    // flush tells what happened meanwhile, and from then on at once.
    flush() {
      const held = this.#held;
      this.#held = null;
      for (const event of held) {
        this.#tell(event);
      }
    }

    #joined({ you, participants, session }) {
      this.#minute = session.minuteMs;
      this.me = userOf(you);
      this.clientId = you.id;
      this.userList = new Map(participants.map((p) => [p.id, userOf(p)]));
      for (const mark in this.#marks) {
        this.#marks[mark] = new Set(participants.filter((p) => p[mark]).map((p) => p.id));
      }
      this.#reason = "";
      this.#emit("room-connected", { room: this, users: [...this.userList.values()], me: this.me, message: {} });
    }

    #came(p, type) {
      const user = userOf(p);
      type === "user-connected" ? this.userList.set(p.id, user) : this.userList.delete(p.id);
      if (type === "user-disconnected") {
        this.#changed({ ...p, hand: 0, screen: false });
      }
      this.#emit(type, { user, users: [user], message: user });
      if (type === "user-connected") {
        this.#changed(p); // they may come with a raised hand, or a screen
      }
    }

    // changed tells that somebody raised a hand or shares a screen, or does not any
    // more.
    #changed(p) {
      for (const [mark, begins, ends] of MARKS) {
        const marked = this.#marks[mark];
        if (Boolean(p[mark]) !== marked.has(p.id)) {
          p[mark] ? marked.add(p.id) : marked.delete(p.id);
          this.#emit(p[mark] ? begins : ends, { users: [userOf(p)], message: userOf(p) });
        }
      }
    }

    #written({ participant, name, text, at }) {
      if (participant !== this.clientId) {
        const message = { type: "chat", broadcast: true, message: text, sender: name, senderId: participant, timestamp: Date.parse(at) };
        this.#emit("message-received", { message });
      }
    }

    #network(state) {
      if (state === "good") {
        this.#emit("network-reconnected", { message: { result: 0 } });
      } else if (state === "lost") {
        this.#emit("network-reconnect-timeout", { error: 1165, message: { result: 1165 } });
      } else {
        this.#emit("network-disconnected", { error: 1163, message: { result: 1163 } });
        this.#emit("network-reconnecting", { message: { result: 0 } });
      }
    }

    #left({ code, message }) {
      if (!this.me) {
        return; // never was inside: whoever joins is told so
      }
      this.me = null;
      const [cause, msg] = CAUSES[code === "over" ? this.#reason : code] || [2002, "unexpected-disconnection"];
      this.#emit("room-disconnected", { message: { cause: { cause, msg }, desc: message } });
      if (code === "left") {
        this.#element.remove();
      }
    }

    #emit(type, event) {
      event = { type, ...event };
      this.#held ? this.#held.push(event) : this.#tell(event);
    }

    #tell(event) {
      for (const listener of [...(this.#listeners.get(event.type) || [])]) {
        shielded(listener, event);
      }
    }
  }

  // shielded runs the page's own code: what it throws is its own.
  function shielded(f, ...args) {
    try {
      f(...args);
    } catch (error) {
      setTimeout(() => {
        throw error;
      });
    }
  }

  function answer(done, callback) {
    const tell = (message) => typeof callback === "function" && shielded(callback, message);
    done.then(tell, (error) => tell(refusal(error)));
  }

  function containerOf(container) {
    let found = container || document.body;
    if (typeof container === "string") {
      try {
        found = document.querySelector(container);
      } catch {
        found = null; // no selector at all
      }
    }
    if (!(found instanceof Element)) {
      throw fault("bad_arguments", `There is no element ${container} in this page to show the meeting in.`);
    }
    return found;
  }

  const ours = new WeakSet(); // the elements that joinRoom made

  async function enter(token, options) {
    const container = containerOf(options.container);
    for (const earlier of [...container.children]) {
      if (ours.has(earlier) && ["ended", "left", "closed"].includes(earlier.state)) {
        earlier.remove(); // of a meeting that is over
      }
    }
    const element = document.createElement("overtime-meeting");
    const set = (name, value) => value && element.setAttribute(name, value);
    set("server", options.server);
    set("name", options.attributes && options.attributes.name);
    set("theme", options.theme);
    set("lang", options.lang);
    set("microphone", (options.audio === false || options.audioMuted) && "off");
    set("camera", (options.video === false || options.videoMuted) && "off");
    set("lobby", "off");
    set("token", token);
    if (container !== document.body) {
      element.style.height = "100%";
    }
    const room = new Room(element);
    ours.add(element);
    container.append(element);
    try {
      await element.join();
    } catch (error) {
      element.remove();
      throw error;
    }
    return room;
  }

  function joinRoom(token, options, callback) {
    const tell = (...args) => typeof callback === "function" && shielded(callback, ...args);
    const joined = enter(String(token || ""), options || {}).then(
      (room) => {
        // A task of its own: by then the promise's and the callback's listeners are there.
        setTimeout(() => room.flush());
        tell({ room }, undefined);
        return room;
      },
      (error) => {
        tell(undefined, refusal(error));
        throw Object.assign(error, refusal(error));
      },
    );
    if (typeof callback === "function") {
      joined.catch(() => {}); // the callback was told
    }
    return joined;
  }

  window.Overtime = Object.freeze({ version: VERSION, joinRoom, OvertimeError });
  customElements.define("overtime-meeting", OvertimeMeeting);
})();
