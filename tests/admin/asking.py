"""What the front page says is to be done, and how many questions a page asks of the database."""

from tests.counting import queries_of


def work(client):
    sections = client.get("/workspace/").context["sections"]
    return {str(section.title): [line.url for line in section.lines] for section in sections}


def queries(client, address):
    """How many the page asks once it is warm."""
    client.get(address)
    return len(queries_of(lambda: client.get(address)))
