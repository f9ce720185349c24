// Part 2: one Element, which is a frame with the fields in it and a wire to that frame.

const CLASSES = { base: "StripeElement", focus: "StripeElement--focus", complete: "StripeElement--complete",
  empty: "StripeElement--empty", invalid: "StripeElement--invalid" };

class Element extends Emitter {
  #group; #kind; #options; #frame = null; #box = null; #stop = null;
  #asked = new Map();
  #next = 0;
  #ready;
  #isReady;

  constructor(group, kind, options) {
    super();
    this.#group = group;
    this.#kind = kind;
    this.#options = structuredClone(options ?? {});
    this.#ready = new Promise((resolve) => (this.#isReady = resolve));
  }

  get _kind() { return this.#kind; }
  get _options() { return this.#options; }
  get _mounted() { return this.#frame !== null; }

  mount(target) {
    const box = typeof target === "string" ? document.querySelector(target) : target;
    if (!(box instanceof HTMLElement)) {
      throw new IntegrationError(`The selector you specified (${target}) applies to no DOM elements that are currently on the page. ` +
        "Make sure the element exists on the page before calling mount().");
    }
    if (this.#frame) this.unmount();
    this.#box = box;
    const title = this.#kind === "card" ? "Secure card payment input frame" : "Secure payment input frame";
    this.#frame = makeFrame("/v3/element.html", title);
    this.#frame.style.height = "1px";
    this.#stop = listenTo(this.#frame, (message) => this.#hear(message));
    const holder = document.createElement("div");
    holder.className = "__PrivateStripeElement";
    holder.append(this.#frame);
    box.replaceChildren(holder);
    if (this.#kind === "card") this.#mark({ empty: true, complete: false });
    this.emit("loaderstart", { elementType: this.#kind });
  }

  unmount() {
    this.#stop?.();
    this.#box?.replaceChildren();
    this.#box?.classList.remove(...Object.values(CLASSES));
    this.#frame = this.#box = this.#stop = null;
    this.#ready = new Promise((resolve) => (this.#isReady = resolve));
  }

  destroy() {
    if (this.#frame) this.unmount();
    this.#group._forget(this);
  }

  update(options) {
    this.#options = { ...this.#options, ...structuredClone(options ?? {}) };
    if (this.#frame) this.#tell("options", this._setup());
    return this;
  }

  focus() { this.#tell("focus"); }
  blur() { this.#tell("blur"); }
  clear() { this.#tell("clear"); }
  collapse() { return this; }

  /** What the frame needs to know to draw the fields. */
  _setup() {
    const group = this.#group._settings();
    const dark = isDark(group.appearance);
    this.#frame.style.colorScheme = dark ? "dark" : "light";
    return { kind: this.#kind, options: this.#options, group, key: this.#group._key, dark };
  }

  /** Ask the frame and wait for its answer. */
  async _ask(type, payload = {}) {
    await this.#ready;
    const id = ++this.#next;
    const answer = new Promise((resolve) => this.#asked.set(id, resolve));
    this.#tell(type, payload, id);
    return answer;
  }

  #tell(type, payload = {}, id = 0) {
    this.#frame?.contentWindow.postMessage({ stripeSim: true, type, payload, id }, ORIGIN);
  }

  #hear({ type, payload, id }) {
    const elementType = this.#kind;
    if (type === "hello") this.#tell("init", this._setup());
    else if (type === "answer") {
      this.#asked.get(id)?.(payload);
      this.#asked.delete(id);
    } else if (type === "height") this.#frame.style.height = `${payload.height}px`;
    else if (type === "ready") {
      this.#isReady();
      this.emit("ready", { elementType });
    } else if (type === "loaderror") this.emit("loaderror", { elementType, error: payload.error });
    else {
      if (this.#kind === "card") this.#mark(payload, type);
      this.emit(type, { elementType, ...payload });
    }
  }

  #mark(state, type = "change") {
    const names = { ...CLASSES, ...this.#options.classes };
    const list = this.#box.classList;
    list.add(names.base);
    if (type === "focus" || type === "blur") list.toggle(names.focus, type === "focus");
    if (type !== "change") return;
    list.toggle(names.empty, Boolean(state.empty));
    list.toggle(names.complete, Boolean(state.complete));
    list.toggle(names.invalid, Boolean(state.error));
  }
}
