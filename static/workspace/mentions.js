// Offers the names of who reads a message after an @. Without this script the name is typed out.
"use strict";

document.addEventListener("DOMContentLoaded", () => {
    const known = document.getElementById("ws-names");
    if (!known) return;
    const names = JSON.parse(known.textContent);
    const MOST = 8;
    const STARTED = /(^|[^A-Za-z0-9._%+-])[@＠]([^\s@＠，。、；：！？,;:!?()（）]{0,20})$/;
    document.querySelectorAll(".ws-write textarea, .ws-reply textarea").forEach(complete);

    function complete(field, number) {
        const list = document.createElement("ul");
        const said = document.createElement("p");
        let found = [];
        let chosen = 0;
        list.id = "ws-mentions-" + number;
        list.className = "ws-mentions";
        list.setAttribute("role", "listbox");
        list.setAttribute("aria-label", known.dataset.label || "@");
        list.hidden = true;
        said.className = "ws-unseen";
        said.setAttribute("role", "status");
        field.setAttribute("aria-autocomplete", "list");
        field.setAttribute("aria-controls", list.id);
        field.insertAdjacentElement("afterend", list);
        list.insertAdjacentElement("afterend", said);

        function readers() {
            const audience = field.dataset.audience || field.form.elements.audience?.value;
            return names[audience] || [];
        }

        function started() {
            if (field.selectionStart !== field.selectionEnd) return null;
            return STARTED.exec(field.value.slice(0, field.selectionStart));
        }

        function close() {
            list.hidden = true;
            found = [];
            said.textContent = "";
            field.removeAttribute("aria-activedescendant");
        }

        function look() {
            const match = started();
            if (!match) return close();
            const typed = match[2].toLowerCase();
            found = readers().filter((name) => name.toLowerCase().includes(typed)).slice(0, MOST);
            if (!found.length || found.includes(match[2])) return close();
            chosen = 0;
            list.replaceChildren(...found.map(option));
            list.hidden = false;
            mark();
        }

        function option(name, place) {
            const item = document.createElement("li");
            item.id = list.id + "-" + place;
            item.setAttribute("role", "option");
            item.textContent = name;
            item.addEventListener("mousedown", (event) => {
                event.preventDefault();
                take(place);
            });
            return item;
        }

        function mark() {
            Array.from(list.children).forEach((item, place) => item.setAttribute("aria-selected", place === chosen));
            field.setAttribute("aria-activedescendant", list.id + "-" + chosen);
            list.children[chosen].scrollIntoView({ block: "nearest" });
            said.textContent = found[chosen] + " (" + (chosen + 1) + "/" + found.length + ")";
        }

        function take(place) {
            const from = field.selectionStart - started()[2].length;
            field.setRangeText(found[place] + " ", from, field.selectionStart, "end");
            close();
            field.dispatchEvent(new Event("input", { bubbles: true }));
        }

        field.addEventListener("input", (event) => {
            if (!event.isComposing) look();
        });
        field.addEventListener("compositionend", look);
        field.addEventListener("blur", close);
        field.addEventListener("keydown", (event) => {
            if (list.hidden || event.isComposing) return;
            const steps = { ArrowDown: 1, ArrowUp: -1 };
            if (event.key in steps) {
                chosen = (chosen + steps[event.key] + found.length) % found.length;
                mark();
            } else if (event.key === "Enter" || event.key === "Tab") {
                take(chosen);
            } else if (event.key === "Escape") {
                close();
            } else return;
            event.preventDefault();
        });
    }
});
