// Small comforts. Every page works without them: nothing here is needed to read, write or send.
(() => {
  "use strict";

  const KEPT = "gandan:draft:";

  const today = () => {
    const now = new Date();
    const two = (n) => String(n).padStart(2, "0");
    return `${two(now.getDate())}/${two(now.getMonth() + 1)}/${now.getFullYear()}`;
  };

  const focusErrors = () => document.getElementById("loi")?.focus();

  const offerToday = () => {
    for (const button of document.querySelectorAll("[data-today]")) {
      button.hidden = false;
      button.addEventListener("click", () => {
        const field = document.getElementById(button.dataset.today);
        field.value = today();
        field.dispatchEvent(new Event("input", { bubbles: true }));
        field.focus();
      });
    }
  };

  // A form that is on its way is not sent a second time. Coming back to the page opens it again.
  const sendOnce = () => {
    for (const form of document.querySelectorAll("form[data-once]")) {
      form.addEventListener("submit", (event) => {
        if (form.dataset.sent) {
          event.preventDefault();
          return;
        }
        form.dataset.sent = "1";
      });
    }
    window.addEventListener("pageshow", () => {
      for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
    });
  };

  const storage = (() => {
    try {
      const probe = `${KEPT}probe`;
      localStorage.setItem(probe, "1");
      localStorage.removeItem(probe);
      return localStorage;
    } catch {
      return null;
    }
  })();

  const mayBeKept = (field) =>
    field.name && field.name !== "csrfmiddlewaretoken" && !["password", "file", "hidden", "submit", "button"].includes(field.type);

  const written = (form) => {
    const values = [];
    for (const field of form.elements) {
      if (!mayBeKept(field)) continue;
      if (field.type === "checkbox" || field.type === "radio") values.push([field.name, field.value, field.checked]);
      else if (field.multiple) values.push([field.name, [...field.selectedOptions].map((option) => option.value)]);
      else values.push([field.name, field.value]);
    }
    return values;
  };

  const writeBack = (form, values) => {
    for (const [name, value, checked] of values) {
      for (const field of form.elements) {
        if (field.name !== name || !mayBeKept(field)) continue;
        if (field.type === "checkbox" || field.type === "radio") {
          if (field.value === value) field.checked = checked;
        } else if (field.multiple) {
          for (const option of field.options) option.selected = value.includes(option.value);
        } else {
          field.value = value;
        }
        const fold = field.closest("details");
        if (fold && (checked || (typeof value === "string" && value && field.type !== "radio"))) fold.open = true;
      }
    }
  };

  const clock = (at) => new Date(at).toLocaleTimeString("vi-VN", { hour: "2-digit", minute: "2-digit" });

  const keepDrafts = () => {
    if (!storage) return;
    // The server names the drafts it has received; only then are they let go.
    for (const done of document.querySelectorAll("[data-draft-done]")) {
      storage.removeItem(`${KEPT}${document.body.dataset.user || ""}:${done.dataset.draftDone}`);
    }
    for (const form of document.querySelectorAll("form[data-draft]")) {
      // Whose draft it is stands in the key: phones are lent, and nobody reads another's words.
      const key = `${KEPT}${document.body.dataset.user || ""}:${form.dataset.draft}`;
      const line = form.querySelector("[data-draft-line]");
      const say = (text) => {
        if (line) line.textContent = text;
      };
      const words = form.dataset;
      const first = JSON.stringify(written(form));
      let kept = null;
      try {
        kept = JSON.parse(storage.getItem(key));
      } catch {
        storage.removeItem(key);
      }
      // What lay for longer than a device may keep it is not put back; outbox.js takes it away and leaves a line.
      const life = Number(document.body.dataset.offlineDays) * 24 * 3600 * 1000;
      if (life && kept && Date.now() - kept.at >= life) kept = null;
      // After a refused post the page itself holds what was typed.
      if (kept && !form.querySelector("[aria-invalid=true]") && JSON.stringify(kept.values) !== first) {
        writeBack(form, kept.values);
        say(`${words.draftBack || ""} ${clock(kept.at)}`);
      }
      let waiting = 0;
      // Emptied because it was taken elsewhere: nothing of it is a draft any more.
      form.addEventListener("reset", () => {
        clearTimeout(waiting);
        say("");
      });
      form.addEventListener("input", () => {
        clearTimeout(waiting);
        waiting = setTimeout(() => {
          const at = Date.now();
          storage.setItem(key, JSON.stringify({ at, values: written(form) }));
          say(`${words.draftKept || ""} ${clock(at)}`);
        }, 400);
      });
    }
  };

  const printButtons = () => {
    for (const button of document.querySelectorAll("[data-print]")) {
      button.hidden = false;
      button.addEventListener("click", () => window.print());
    }
  };

  // As a table for Word, and as lines with tabs for a sheet or a message.
  const putOnClipboard = async (rows) => {
    const text = rows.map((cells) => cells.join("\t")).join("\n");
    if (!window.ClipboardItem || !navigator.clipboard.write) {
      await navigator.clipboard.writeText(text);
      return;
    }
    const table = document.createElement("table");
    for (const cells of rows) {
      const row = table.insertRow();
      for (const cell of cells) row.insertCell().textContent = cell;
    }
    await navigator.clipboard.write([new ClipboardItem({
      "text/plain": new Blob([text], { type: "text/plain" }),
      "text/html": new Blob([table.outerHTML], { type: "text/html" }),
    })]);
  };

  // A table can be taken along into a sheet: what is seen, without links and signs.
  const copyTables = () => {
    if (!navigator.clipboard) return;
    for (const button of document.querySelectorAll("[data-copy]")) {
      const table = document.getElementById(button.dataset.copy);
      if (!table) continue;
      button.hidden = false;
      button.addEventListener("click", async () => {
        const rows = [...table.rows].map((row) =>
          [...row.cells].filter((cell) => !("uncopied" in cell.dataset))
            .map((cell) => cell.innerText.replace(/\s+/g, " ").trim()));
        await putOnClipboard(rows);
        const before = button.textContent;
        button.textContent = button.dataset.copied;
        setTimeout(() => {
          button.textContent = before;
        }, 2000);
      });
    }
  };

  // What is chosen is counted by the server, as it will count it when it is saved; nothing is written by that.
  const countWhileChoosing = () => {
    for (const form of document.querySelectorAll("form[data-live]")) {
      const look = form.querySelector("[data-look]");
      look.hidden = true;
      let waiting = 0;
      let asked = null;
      const ask = async () => {
        asked?.abort();
        asked = new AbortController();
        const sent = new FormData(form);
        sent.set(look.name, "part");
        try {
          const answer = await fetch(location.href, { method: "POST", body: sent, signal: asked.signal });
          if (!answer.ok || answer.redirected) throw new Error("not counted");
          const page = new DOMParser().parseFromString(await answer.text(), "text/html");
          for (const part of [...page.body.children]) document.getElementById(part.id)?.replaceChildren(...part.childNodes);
        } catch (error) {
          // Without an answer the button does it.
          if (error.name !== "AbortError") look.hidden = false;
        }
      };
      form.addEventListener("change", (event) => {
        if (event.target.tagName !== "SELECT") return;
        clearTimeout(waiting);
        waiting = setTimeout(ask, 200);
      });
    }
  };

  focusErrors();
  offerToday();
  sendOnce();
  keepDrafts();
  printButtons();
  copyTables();
  countWhileChoosing();
})();
