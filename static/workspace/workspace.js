// Counts the characters of a limited field beside it. Nothing is cut: what is over the limit is said by the form.
"use strict";

function count(field) {
    const limit = Number(field.dataset.limit);
    const shown = field.parentElement.querySelector(":scope > .ws-count") || document.createElement("div");
    const used = Array.from(field.value).length;
    shown.className = "ws-count" + (used > limit ? " ws-over" : "");
    shown.textContent = used + " / " + limit;
    if (!shown.isConnected) field.insertAdjacentElement("afterend", shown);
}

document.addEventListener("DOMContentLoaded", () => {
    for (const field of document.querySelectorAll("textarea[data-limit], input[data-limit]")) {
        count(field);
        field.addEventListener("input", () => count(field));
    }
});

// Adds a line to a table that is filled in; without this script some lines are spare.
document.addEventListener("DOMContentLoaded", () => {
    for (const button of document.querySelectorAll("[data-add-line]")) {
        button.hidden = false;
        button.addEventListener("click", () => {
            const rows = button.parentElement.querySelectorAll(".ws-entry-row");
            const last = rows[rows.length - 1];
            const row = last.cloneNode(true);
            const renamed = (text) => text.replace(/-\d+-/, "-" + rows.length + "-");
            row.querySelector("legend").textContent = last.querySelector("legend").textContent.replace(/\d+/, rows.length + 1);
            for (const field of row.querySelectorAll("select, input")) {
                field.name = renamed(field.name);
                field.id = renamed(field.id);
                if (field.type === "checkbox") field.checked = false;
                else field.value = "";
            }
            last.after(row);
            row.querySelector("select").focus();
        });
    }
});

// Escape closes a menu that is open, and the focus is where it was.
document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of document.querySelectorAll("details.ws-rare[open]")) {
        const was = menu.contains(document.activeElement);
        menu.open = false;
        if (was) menu.querySelector("summary").focus();
    }
});

// A field in which one searches for what to choose has the name of its choice.
function nameSearch(field) {
    const box = field.closest(".select2-container--open:not(.select2-dropdown)") || field.closest(".select2-container");
    const open = document.querySelector(".select2-container--open");
    const choice = [box, open].map((each) => each && each.previousElementSibling).find((each) => each && each.labels);
    const label = choice && choice.labels[0];
    if (label) field.setAttribute("aria-label", label.textContent.trim());
}

document.addEventListener("DOMContentLoaded", () => {
    const nameAll = () => document.querySelectorAll(".select2-search__field:not([aria-label])").forEach(nameSearch);
    new MutationObserver(nameAll).observe(document.getElementById("content"), { childList: true, subtree: true });
    nameAll();
});
document.addEventListener("focusin", (event) => {
    if (event.target.matches(".select2-search__field:not([aria-label])")) nameSearch(event.target);
});

// What is wider than its place is scrolled by the arrow keys, so the Tab key stops at it.
document.addEventListener("DOMContentLoaded", () => {
    const sizes = new ResizeObserver((seen) => {
        for (const { target } of seen) {
            if (target.scrollWidth > target.clientWidth || target.scrollHeight > target.clientHeight) target.tabIndex = 0;
            else target.removeAttribute("tabindex");
        }
    });
    document.querySelectorAll(".ws-scroll, pre.ws-code").forEach((each) => sizes.observe(each));
});
