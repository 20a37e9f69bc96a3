"""A market to look at: two listings of each kind, one of them anonymous and one partly confidential."""

import pytest

from tests.factories import make_published_achievement, make_published_demand

SECRET = "秘方甲乙丙丁"
FOR_REGISTERED = "登录可读的工艺窗口"


@pytest.fixture
def open_achievement(university):
    return make_published_achievement(university, title_zh="公开的涂层技术", title_en="An open coating")


@pytest.fixture
def hidden_achievement(university):
    """Its owner stays anonymous, its description is for registered readers, its economics under an NDA."""
    return make_published_achievement(
        university,
        title_zh="匿名的涂层技术",
        title_en="An anonymous coating",
        is_anonymous=True,
        description_zh=FOR_REGISTERED,
        description_en="",
        economics_zh=SECRET,
        tiers={"description": "registered", "economics": "nda"},
        public_note_zh="细节登录后可读。",
    )


@pytest.fixture
def open_demand(firm):
    return make_published_demand(firm, title_zh="公开的支架难题")


@pytest.fixture
def hidden_demand(firm):
    return make_published_demand(firm, title_zh="匿名的支架难题", is_anonymous=True, tiers={"price": "nda"})


@pytest.fixture
def market(open_achievement, hidden_achievement, open_demand, hidden_demand):
    return [open_achievement, hidden_achievement, open_demand, hidden_demand]


@pytest.fixture
def page(client):
    """Open an address as somebody and return its text; `page(path, user)`."""

    def open_one(path, user=None, *, status=200, language="zh-hans"):
        if user:
            client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        else:
            client.logout()
        answer = client.get(path, headers={"accept-language": language})
        assert answer.status_code == status, (path, answer.status_code)
        return answer.content.decode()

    return open_one
