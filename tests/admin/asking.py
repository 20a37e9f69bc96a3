"""What the front page says is to be done, and how many questions a page asks of the database."""

from django.db import connection
from django.test.utils import CaptureQueriesContext


def work(client):
    sections = client.get("/workspace/").context["sections"]
    return {str(section.title): [line.url for line in section.lines] for section in sections}


def queries(client, address):
    """How many the page asks; whether the law has changed is asked once a second, by whoever comes next."""
    client.get(address)
    with CaptureQueriesContext(connection) as seen:
        client.get(address)
    return len([query for query in seen.captured_queries if "law_edition" not in query["sql"]])
