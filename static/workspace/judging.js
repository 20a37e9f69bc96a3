// Judge matches by keys, without leaving the page. Without this script the same forms are answered by the server.
"use strict";

document.addEventListener("DOMContentLoaded", () => {
    const list = document.querySelector(".ws-judge");
    if (!list) return;
    const said = document.getElementById("ws-said");
    const words = list.dataset;
    const undone = [];
    document.getElementById("ws-keys").hidden = false;

    const items = () => Array.from(list.querySelectorAll(".ws-judged-item"));
    const open = () => items().filter((item) => !item.dataset.verdict);
    const current = () => document.activeElement.closest(".ws-judged-item");

    function say(sentence) {
        const left = open().length;
        said.textContent = sentence + " " + (left ? words.left + " " + left : words.done);
    }

    function go(item) {
        if (!item) return;
        item.focus({ preventScroll: true });
        item.scrollIntoView({ block: "nearest" });
    }

    function step(item, by) {
        const all = items();
        const place = item ? all.indexOf(item) + by : 0;
        go(all[Math.max(0, Math.min(all.length - 1, place))]);
    }

    async function send(item, verb, body) {
        if (item.dataset.organisation) body.organisation = item.dataset.organisation;
        const headers = {
            "Content-Type": "application/json",
            "X-CSRFToken": item.querySelector("[name=csrfmiddlewaretoken]").value,
            "Accept-Language": document.documentElement.lang,
        };
        const address = words.api + item.dataset.match + "/" + verb + "/";
        item.setAttribute("aria-busy", "true");
        try {
            const answer = await fetch(address, { method: "POST", headers, body: JSON.stringify(body) });
            if (answer.ok) return true;
            const fault = await answer.json().catch(() => ({}));
            said.textContent = fault.detail || fault.title || words.failed;
        } catch {
            said.textContent = words.failed;
        } finally {
            item.removeAttribute("aria-busy");
        }
        return false;
    }

    async function judge(item, verb, body) {
        if (item.dataset.verdict || item.getAttribute("aria-busy")) return;
        if (!(await send(item, verb, body))) return;
        item.dataset.verdict = verb;
        undone.push(item);
        const line = document.createElement("p");
        line.className = "ws-judge-line";
        const title = document.createElement("span");
        title.textContent = item.getAttribute("aria-label");
        const sentence = document.createElement("b");
        sentence.textContent = verb === "shortlist" ? words.kept : words.dismissed;
        const undo = document.createElement("button");
        undo.type = "button";
        undo.className = "ws-button ws-quiet";
        undo.textContent = words.undo;
        undo.addEventListener("click", () => restore(item));
        line.append(sentence, title, undo);
        item.querySelector(".ws-judge-body").hidden = true;
        item.append(line);
        say(sentence.textContent);
        go(items().slice(items().indexOf(item) + 1).find((each) => !each.dataset.verdict) || open()[0] || item);
    }

    async function restore(item) {
        if (!item || !item.dataset.verdict || item.getAttribute("aria-busy")) return;
        if (!(await send(item, "restore", {}))) return;
        delete item.dataset.verdict;
        undone.splice(undone.indexOf(item), 1);
        item.querySelector(".ws-judge-line").remove();
        item.querySelector(".ws-judge-body").hidden = false;
        item.querySelector("details").open = false;
        say(words.restored);
        go(item);
    }

    list.addEventListener("submit", (event) => {
        event.preventDefault();
        const chosen = event.submitter && event.submitter.value;
        const body = event.target.dataset.verb === "dismiss" ? { reason_code: chosen } : {};
        judge(event.target.closest(".ws-judged-item"), event.target.dataset.verb, body);
    });

    const keys = {
        j: (item) => step(item, 1),
        ArrowDown: (item) => step(item, 1),
        k: (item) => step(item, -1),
        ArrowUp: (item) => step(item, -1),
        u: () => restore(undone[undone.length - 1]),
    };
    const ofItem = {
        s: (item) => judge(item, "shortlist", {}),
        o: (item) => item.querySelector(".ws-judge-page").click(),
        d: (item) => {
            const why = item.querySelector("details");
            why.open = true;
            why.querySelector("form button").focus();
            said.textContent = words.reason;
        },
        Escape: (item) => {
            item.querySelector("details").open = false;
            go(item);
        },
    };

    // Keys count only while the focus is within the list, so that they disturb nobody's typing (WCAG 2.1.4).
    list.addEventListener("keydown", (event) => {
        if (event.ctrlKey || event.metaKey || event.altKey) return;
        const item = current();
        const why = item && item.querySelector("details");
        const reason = why && why.open && why.querySelector('[data-key="' + CSS.escape(event.key) + '"]');
        const does = reason ? () => reason.click() : keys[event.key] || (item && !item.dataset.verdict && ofItem[event.key]);
        if (!does) return;
        event.preventDefault();
        does(item);
    });

    go(items()[0]);
});
