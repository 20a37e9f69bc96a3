"""The Tab key alone: it comes to all that can be pressed or filled in, in order, shows where it is, and goes on."""

from playwright.sync_api import Page

WATCH = """() => {
    const wanted = 'a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex], [role=button]';
    const look = (each) => { const s = getComputedStyle(each);
        return [s.outlineStyle + s.outlineWidth, s.boxShadow, s.borderColor, s.backgroundColor, s.color,
                s.textDecorationLine, s.opacity].join('|'); };
    const around = (each) => [each, each.parentElement, each.parentElement && each.parentElement.parentElement]
        .filter(Boolean).map(look).join('||');
    const isThere = (each) => each.tabIndex >= 0 && !each.disabled && !each.closest('[inert]')
        && each.checkVisibility({ visibilityProperty: true })
        && !(each.closest('details:not([open])') && !each.matches('details > summary'))
        && !(each.type === 'radio' && each.name && each.form
             && each !== (each.form.querySelector(`[type=radio][name="${each.name}"]:checked`)
                          || each.form.querySelector(`[type=radio][name="${each.name}"]`)));
    document.body.tabIndex = -1;
    document.body.focus();
    document.body.removeAttribute('tabindex');
    const all = Array.from(document.querySelectorAll(wanted)).filter(isThere);
    const before = new Map(all.map((each) => [each, around(each)]));
    const name = (each) => each.tagName.toLowerCase() + (each.id ? '#' + each.id : '')
        + (each.getAttribute('name') ? `[name=${each.getAttribute('name')}]` : '')
        + ' "' + (each.getAttribute('aria-label') || each.innerText || each.value || '').trim().slice(0, 30) + '"';
    const walk = window.walk = { reached: [], unseen: [], all, name };
    document.addEventListener('focusin', (event) => {
        const each = event.target;
        walk.reached.push(each);
        const box = each.getBoundingClientRect();
        if (!before.has(each)) return;
        if (before.get(each) === around(each) || box.width < 1 || box.height < 1) walk.unseen.push(name(each));
    });
    const pressed = '[x-on\\\\:click], [onclick], [role=button], [role=link], [role=tab]';
    const isFree = (each) => each.tabIndex < 0 && !each.closest('a[href], button, label, summary, [tabindex="0"]')
        && !each.querySelector('a[href], button, input, select') && !each.hasAttribute('data-backdrop')
        && each.checkVisibility({ visibilityProperty: true });
    walk.mouse = Array.from(document.querySelectorAll(pressed)).filter(isFree);
    return all.length;
}"""
TELL = """() => {
    const { reached, unseen, all, name, mouse } = window.walk, found = [];
    for (const each of mouse) found.push('pressed by the mouse alone: ' + name(each));
    for (const each of all) if (!reached.includes(each)) found.push('never reached: ' + name(each));
    for (const each of unseen) found.push('focus is not seen: ' + each);
    const order = reached.filter((each, i) => reached.indexOf(each) === i && all.includes(each));
    order.forEach((each, i) => { if (i && all.indexOf(order[i - 1]) > all.indexOf(each))
        found.push('out of order: ' + name(each)); });
    document.activeElement.blur();  // the way past the menu would lie over it
    return found;
}"""

SCROLLED = 12
"""Chromium stops at what is scrolled too, so that keys can scroll it."""


def walk(page: Page) -> list[str]:
    """Press Tab from the top of the page as often as it has stops; where it is caught, the rest is never reached."""
    for _ in range(page.evaluate(WATCH) + SCROLLED):
        page.keyboard.press("Tab")
    return page.evaluate(TELL)
