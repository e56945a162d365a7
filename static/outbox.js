// Visits that wait on this device until there is a signal. Each bears its own key, so that the server stores it once
// however often it is sent; it leaves the device only after the server has named it as stored.
(() => {
  "use strict";

  const user = document.body.dataset.user || "";
  const PREFIX = `gandan:out:${user}:`;
  const DRAFTS = `gandan:draft:${user}:`;
  const DEVICE = "gandan:device:";
  const DAY = 24 * 3600 * 1000;
  const LEAVING = 5000;
  const SENT_SHOWN = 7 * DAY;
  // For so long a device keeps words that were not sent; in the last week it says so.
  const LIFE = Number(document.body.dataset.offlineDays) * DAY;
  const WARNED = LIFE - 7 * DAY;
  const SERVER = "/ngoai-tuyen/may-chu/";
  const SEND = "/ngoai-tuyen/gui/";
  const ENTER = "/ngoai-tuyen/may/";
  const ASK = "/ngoai-tuyen/mat-may/";
  const PAGE = "/ngoai-tuyen/";
  const shown = document.querySelector("[data-outbox]");
  let isSending = false;
  let isSignedOut = false;
  let isBarred = false;
  // What was sent is told until a page has stood for so long; it may have gone while its reader left another page.
  const TOLD_AFTER = 4000;
  const news = new Set();

  const read = (name) => {
    try {
      return JSON.parse(localStorage.getItem(name));
    } catch {
      return null;
    }
  };

  const entries = () => {
    const found = [];
    for (const name of Object.keys(localStorage)) {
      if (!name.startsWith(PREFIX)) continue;
      const entry = read(name);
      if (entry) found.push(entry);
      // Half a line, as when the device was switched off while writing: nothing can be made of it.
      else localStorage.removeItem(name);
    }
    return found.sort((one, other) => one.at - other.at);
  };
  const own = () => Object.keys(localStorage).filter((name) =>
    name.startsWith(PREFIX) || name.startsWith(DRAFTS));
  const put = (entry) => localStorage.setItem(PREFIX + entry.uuid, JSON.stringify(entry));
  const drop = (entry) => localStorage.removeItem(PREFIX + entry.uuid);
  const isUnsent = (entry) => entry.state !== "sent" && entry.state !== "wiped";
  const isOld = (entry) => LIFE && isUnsent(entry) && Date.now() - (entry.since || entry.at) >= WARNED;

  const two = (number) => String(number).padStart(2, "0");
  const dayOf = (at) => {
    const day = new Date(at);
    return `${two(day.getDate())}/${two(day.getMonth() + 1)}/${day.getFullYear()}`;
  };
  const momentOf = (at) => `${two(new Date(at).getHours())}:${two(new Date(at).getMinutes())} ${dayOf(at)}`;

  // The beginning of what was written, in whole words: enough to tell one from another, and no more.
  const FIRST_WORDS = 48;
  const firstWords = (texts) => {
    const text = texts.join(" · ").replace(/\s+/g, " ").trim();
    return text.length <= FIRST_WORDS ? text : `${text.slice(0, FIRST_WORDS + 1).replace(/\s\S*$/, "")}…`;
  };

  const newKey = () => {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 15) | 64;
    bytes[8] = (bytes[8] & 63) | 128;
    const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  };

  // Words that nobody has sent for so long are taken from the device, whoever opens whichever page; a line without them
  // stays, so that nothing goes without being told.
  const age = () => {
    if (!LIFE) return;
    for (const name of Object.keys(localStorage)) {
      const [, sort, whose] = name.match(/^gandan:(out|draft):(\d+):/) || [];
      // Drafts at a desk, whose reader keeps no page on it and would see no line, are none of this.
      const isForeign = sort === "draft" && whose !== user && !localStorage.getItem(DEVICE + whose);
      const kept = sort && !isForeign && read(name);
      if (!kept || !isUnsent(kept) || !(Date.now() - (kept.since || kept.at) >= LIFE)) continue;
      const value = (wanted) => (kept.fields || kept.values || [])
        .find(([field, , chosen = true]) => field === wanted && chosen)?.[1] || "";
      const uuid = kept.uuid || newKey();
      const day = /^\d{1,2}\/\d{1,2}\/\d{4}$/.test(value("day")) ? value("day") : dayOf(kept.at);
      const line = { uuid, at: kept.at, day, kind: value("kind"), state: "wiped", wipedAt: Date.now() };
      localStorage.removeItem(name);
      localStorage.setItem(`gandan:out:${whose}:${uuid}`, JSON.stringify({ ...line, isDraft: sort === "draft" }));
    }
  };

  // What was typed, without the token and without ticks on internal matters, which have no line of text.
  const written = (form) => [...new FormData(form)].filter(([name]) =>
    name !== "csrfmiddlewaretoken" && !(/^duty_/.test(name) && !form.elements[name.replace("duty_", "note_")]));

  const chosen = (form, name) => {
    const field = form.elements[name];
    if (!field) return "";
    if (field.options) return field.selectedOptions[0]?.textContent.trim() || "";
    const input = field.length ? [...field].find((one) => one.checked) : field;
    return input?.labels?.[0]?.textContent.trim() || "";
  };

  // A clock that lags behind the page itself is wrong: by it the words would be old at once when it is set right.
  const heldSince = () => Math.max(Date.now(), Date.parse(document.querySelector("[data-made-at]")?.dataset.madeAt) || 0);

  const take = (form) => {
    const fields = written(form);
    const uuid = fields.find(([name]) => name === "uuid")?.[1] || newKey();
    const day = form.elements.day?.value || dayOf(Date.now());
    const texts = fields.filter(([name, value]) => /^note_|text$|^(what|where|needed)$/.test(name) && value).map(([, value]) => value);
    const { sendTo, named, draft } = form.dataset;
    const entry = {
      uuid, day, texts, fields: fields.filter(([name]) => name !== "uuid"), state: "waiting", at: Date.now(), since: heldSince(),
      label: [day, named || chosen(form, "kind"), chosen(form, "place")].filter(Boolean).join(" · "), gist: firstWords(texts),
      ...(sendTo ? { sendTo, draft, form: form.getAttribute("action") || window.location.pathname } : {}),
    };
    put(entry);
    localStorage.removeItem(DRAFTS + form.dataset.draft);
    return entry;
  };

  // Sending ----------------------------------------------------------------------------------------

  const server = async () => {
    const answer = await fetch(SERVER, { redirect: "manual", credentials: "same-origin", cache: "no-store" });
    isSignedOut = answer.type === "opaqueredirect" || answer.status === 401;
    isBarred = answer.status === 403;
    return answer.ok ? answer.json() : null;
  };

  const post = async (entry, token) => {
    const body = new URLSearchParams(entry.fields);
    body.set("uuid", entry.uuid);
    body.set("device_at", new Date(entry.at).toISOString());
    const answer = await fetch(entry.sendTo || SEND, {
      method: "POST", body, redirect: "manual", credentials: "same-origin",
      headers: { "X-CSRFToken": token },
    });
    return answer.ok ? answer.json() : null;
  };

  const tellClock = (now, most) => {
    const line = document.querySelector("[data-outbox-clock]");
    if (line) line.hidden = Math.abs(Date.now() - Date.parse(now)) < most * 1000;
  };

  // After a phone was reported lost, whatever an earlier hand wrote here goes, before anything is sent. The server's
  // moment is read on this device's own clock.
  const wipe = async (told) => {
    if (!told.wiped_at) return;
    const limit = Date.parse(told.wiped_at) + Date.now() - Date.parse(told.now);
    const isOlder = (name) => !(read(name)?.at >= limit);
    const old = own().filter(isOlder);
    for (const name of old) localStorage.removeItem(name);
    const page = document.querySelector("[data-made-at]");
    const isPageOlder = page && Date.parse(page.dataset.madeAt) < Date.parse(told.wiped_at);
    if (!old.length && !isPageOlder) return;
    await askWorker({ forget: true });
    // Words of a draft may stand in the form already.
    if (isPageOlder || document.querySelector("form[data-draft]")) window.location.reload();
  };

  // Signed out, a device asks by the key that it has made itself whether it was reported lost.
  const askByKey = async (whose) => {
    const key = read(DEVICE + whose)?.key;
    if (!key) return;
    const body = new URLSearchParams({ key });
    const answer = await fetch(ASK, { method: "POST", body, credentials: "omit", cache: "no-store" });
    if (!answer.ok || !(await answer.json()).wipe) return;
    for (const name of Object.keys(localStorage)) {
      if (name === DEVICE + whose || name.startsWith(`gandan:out:${whose}:`) || name.startsWith(`gandan:draft:${whose}:`)) {
        localStorage.removeItem(name);
      }
    }
    await askWorker({ forget: true });
    if (whose === user) window.location.reload();
  };

  // A page that tells what is due was made before these were sent: it would ask once more for a meeting just told. Whoever
  // is typing in it keeps it as it is, and whoever is on the way to another page is not called back.
  let leftAt = 0;
  window.addEventListener("beforeunload", () => { leftAt = Date.now(); });
  const renew = (number) => {
    const isTyping = document.activeElement?.matches("input, textarea, select");
    const isLeaving = Date.now() - leftAt < LEAVING;
    const isRenewed = number > 0 && !isTyping && !isLeaving && Boolean(document.querySelector("[data-renewed]"));
    if (isRenewed) window.location.reload();
    return isRenewed;
  };

  const flush = async () => {
    if (isSending) return;
    isSending = true;
    let isRenewed = false;
    try {
      age();
      const told = await server();
      if (isSignedOut) await askByKey(user);
      if (told && String(told.user) === user) {
        tellClock(told.now, told.drift);
        await wipe(told);
        let number = 0;
        for (const entry of entries().filter(({ state }) => state === "waiting" || state === "sending")) {
          put({ ...entry, state: "sending" });
          show();
          const answer = await post(entry, told.token).catch(() => null);
          if (!answer) put({ ...entry, state: "waiting" });
          else if (answer.state === "sent") {
            number += 1;
            // The words are on the portal now; what stays here is that it was sent, and by which words it is known again.
            put({ uuid: entry.uuid, at: entry.at, label: entry.label, gist: entry.gist, state: "sent", sentAt: Date.now(), isNew: true,
              url: answer.url, changed: answer.changed, gone: answer.gone });
          } else put({ ...entry, ...answer });
        }
        isRenewed = renew(number);
      }
    } catch {
      // No signal. Everything stays as it is, to be sent later.
    }
    isSending = false;
    // The page that comes says it; on this one it would be gone in the middle of a word.
    if (!isRenewed) show();
  };

  // Showing ----------------------------------------------------------------------------------------

  const fill = (parent, name, texts) => {
    const list = parent.querySelector(name);
    if (!list) return;
    list.hidden = !texts?.length;
    for (const text of texts || []) list.append(Object.assign(document.createElement("li"), { textContent: text }));
  };

  const kindWord = (kind) => [...document.querySelectorAll("input[name=kind]")]
    .find((input) => input.value === kind)?.labels?.[0]?.textContent.trim() || "";

  const oldDrafts = () => Object.keys(localStorage).filter((name) => name.startsWith(DRAFTS)).map(read)
    .filter((draft) => draft && isOld(draft)).map(({ at }) => ({ at, label: dayOf(at), state: "draft" }));

  const card = (entry) => {
    const made = document.getElementById("outbox-card").content.firstElementChild.cloneNode(true);
    made.querySelector("[data-label]").textContent = entry.label || [entry.day, kindWord(entry.kind)].filter(Boolean).join(" · ");
    // Where the words themselves stand below, their beginning says nothing more.
    const known = made.querySelector("[data-known]");
    if (known) {
      known.hidden = ["draft", "wiped"].includes(entry.state);
      known.querySelector("[data-written]").textContent = momentOf(entry.at);
      known.querySelector("[data-gist]").textContent = entry.state === "sent" && entry.gist ? `: “${entry.gist}”` : "";
    }
    made.querySelector("[data-old]").hidden = !isOld(entry);
    made.querySelector("[data-old] b").textContent = dayOf((entry.since || entry.at) + LIFE);
    made.querySelector("[data-state=wiped] b").textContent = dayOf(entry.wipedAt || entry.at);
    made.querySelector("[data-was-draft]").hidden = !entry.isDraft;
    for (const state of made.querySelectorAll("[data-state]")) state.hidden = state.dataset.state !== entry.state;
    fill(made, "[data-why]", entry.state === "refused" ? entry.why : []);
    fill(made, "[data-texts]", entry.state === "compare" ? entry.sent : entry.texts);
    fill(made, "[data-stored]", entry.state === "compare" ? entry.stored : []);
    made.querySelector("[data-stored-head]").hidden = entry.state !== "compare";
    // A page that was kept for long may not have these lines yet.
    fill(made, "[data-changed]", entry.changed);
    for (const [name, isTold] of [["[data-changed-head]", entry.changed?.length], ["[data-gone]", entry.gone]]) {
      const line = made.querySelector(name);
      if (line) line.hidden = !isTold;
    }
    const link = made.querySelector("[data-open]");
    link.hidden = !entry.url;
    if (entry.url) link.href = entry.url;
    const act = (name, wanted, run) => {
      const button = made.querySelector(name);
      button.hidden = !wanted;
      button.addEventListener("click", () => {
        run();
        show();
      });
    };
    act("[data-drop]", ["refused", "compare", "wiped"].includes(entry.state) || (isBarred && isUnsent(entry)), () => {
      if (entry.state === "wiped" || window.confirm(shown.dataset.sureDrop)) drop(entry);
    });
    act("[data-edit]", entry.state === "refused" && !isBarred, () => {
      const values = entry.fields.map(([name, value]) => [name, value, true]);
      localStorage.setItem(`${DRAFTS}${entry.draft || "visit:new"}`, JSON.stringify({ at: entry.at, values }));
      const place = entry.fields.find(([name]) => name === "place")?.[1] || "";
      window.location.assign(`${entry.form || shown.dataset.form}?place=${encodeURIComponent(place)}`);
    });
    act("[data-another]", entry.state === "compare", () => {
      const { sent, stored, url, ...kept } = entry;
      drop(entry);
      put({ ...kept, uuid: newKey(), state: "waiting" });
      flush();
    });
    return made;
  };

  const tell = (name, number) => {
    for (const line of document.querySelectorAll(`[data-told=${name}]`)) {
      line.hidden = !number;
      line.querySelector("[data-number]").textContent = String(number);
    }
  };

  const tellOnce = (entry) => {
    if (!document.querySelector("[data-told=sent]")) return;
    news.add(entry.uuid);
    setTimeout(() => {
      // It may have been dropped meanwhile.
      if (read(PREFIX + entry.uuid)) put({ ...entry, isNew: false });
    }, TOLD_AFTER);
  };

  const show = () => {
    age();
    for (const entry of entries()) if (entry.state === "sent" && Date.now() - entry.sentAt > SENT_SHOWN) drop(entry);
    const all = [...oldDrafts(), ...entries()];
    const number = (...states) => all.filter(({ state }) => states.includes(state)).length;
    const unsent = number("waiting", "sending", "refused", "compare");
    tell("waiting", number("waiting", "sending"));
    tell("refused", number("refused", "compare"));
    tell("wiped", number("wiped"));
    tell("old", all.filter(isOld).length);
    for (const entry of all) if (entry.isNew && !news.has(entry.uuid)) tellOnce(entry);
    tell("sent", news.size);
    if (!shown) return;
    const list = shown.querySelector("[data-list]");
    list.replaceChildren(...all.reverse().map(card));
    shown.querySelector("[data-empty]").hidden = all.length > 0;
    const barred = shown.querySelector("[data-barred]");
    if (barred && isBarred) barred.hidden = false;
    shown.querySelector("[data-send]").hidden = !unsent || isBarred;
    shown.querySelector("[data-signed-out]").hidden = !(isSignedOut && unsent);
  };

  // A page that was kept has the key and the day of then; every visit takes its own.
  const begin = (form) => {
    form.elements.uuid.value = newKey();
    if (form.elements.day) form.elements.day.value ||= dayOf(Date.now());
  };

  // Wiring -----------------------------------------------------------------------------------------

  const askWorker = async (message) => {
    const ready = await navigator.serviceWorker?.getRegistration();
    const worker = ready?.active;
    if (!worker) return;
    await new Promise((resolve) => {
      const channel = new MessageChannel();
      channel.port1.onmessage = resolve;
      setTimeout(resolve, 4000);
      worker.postMessage(message, [channel.port2]);
    });
  };

  // Before anything is kept the account learns of this device, and again after a phone was reported lost.
  const enter = async () => {
    const wiped = document.body.dataset.wiped || "";
    if (read(DEVICE + user)?.wiped === wiped) return true;
    const key = newKey();
    const answer = await fetch(ENTER, {
      method: "POST", body: new URLSearchParams({ key }), redirect: "manual", credentials: "same-origin",
      headers: { "X-CSRFToken": document.querySelector("input[name=csrfmiddlewaretoken]")?.value || "" },
    });
    if (answer.ok) localStorage.setItem(DEVICE + user, JSON.stringify({ key, wiped }));
    return answer.ok;
  };

  const keepPage = async () => {
    if (!navigator.serviceWorker) return;
    if (!await enter()) {
      await askWorker({ forget: true });
      return;
    }
    await navigator.serviceWorker.register("/ngoai-tuyen.js", { scope: "/" });
    await navigator.serviceWorker.ready;
    const parts = [...document.querySelectorAll("link[rel=stylesheet], link[rel=icon], script[src]")]
      .map((part) => part.href || part.src);
    await askWorker({ keep: parts });
    document.documentElement.dataset.offline = "ready";
  };

  const askForOthers = () => {
    for (const name of Object.keys(localStorage)) {
      const whose = name.startsWith(DEVICE) ? name.slice(DEVICE.length) : user;
      if (whose !== user) askByKey(whose).catch(() => undefined);
    }
  };

  askForOthers();
  window.addEventListener("online", askForOthers);
  if (!user) {
    age();
    return;
  }

  for (const form of document.querySelectorAll("form[data-outbox-form]")) {
    form.addEventListener("submit", (event) => {
      const isOwnPage = form.dataset.outboxForm === "always";
      if (!isOwnPage && navigator.onLine) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      // Three lines and nothing else: what is missing is asked for at once, and not hours later.
      if (form.dataset.sendTo && !form.reportValidity()) return;
      const pressed = event.submitter?.name === "nothing_new";
      if (pressed) form.append(Object.assign(document.createElement("input"), { type: "hidden", name: "nothing_new", value: "1" }));
      take(form);
      if (!isOwnPage) {
        window.location.assign(PAGE);
        return;
      }
      form.reset();
      for (const fold of [form.closest("details"), ...form.querySelectorAll("details")]) if (fold) fold.open = false;
      begin(form);
      show();
      shown.scrollIntoView();
      shown.querySelector("h2").focus();
      flush();
    }, true);
    if (form.dataset.outboxForm === "always") begin(form);
  }

  for (const form of document.querySelectorAll('form[action$="/dang-xuat/"]')) {
    form.addEventListener("submit", async (event) => {
      if (form.dataset.wiped) return;
      event.preventDefault();
      const waits = entries().some(isUnsent);
      if (waits && !window.confirm(document.body.dataset.waitingWarning)) return;
      for (const name of Object.keys(localStorage)) {
        if (name.startsWith(DRAFTS)) localStorage.removeItem(name);
      }
      for (const entry of entries()) if (entry.state === "sent") drop(entry);
      await askWorker({ forget: true }).catch(() => undefined);
      form.dataset.wiped = "1";
      form.submit();
    });
  }

  // A copy that has seen no server for long is given up, with the drafts: the phone may have been lost or lent.
  const made = Date.parse(document.querySelector("[data-made-at]")?.dataset.madeAt || "");
  const days = Number(document.querySelector("[data-made-at]")?.dataset.days || 0);
  if (made && Date.now() - made > days * 24 * 3600 * 1000) askWorker({ forget: true });

  shown?.querySelector("[data-send]").addEventListener("click", flush);
  window.addEventListener("online", flush);
  show();
  const first = own().length || document.querySelector("[data-made-at]") ? flush() : Promise.resolve();
  if (navigator.onLine) first.then(keepPage).catch(() => undefined);
})();
