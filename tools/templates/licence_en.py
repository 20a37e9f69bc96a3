"""Technology licence contract in English, clause for clause as the Chinese one, which prevails."""

from .paper import Paper

OPENING = (
    "{{ licensor_name }} (the “Licensor”) and {{ licensee_name }} (the “Licensee”) conclude this contract on the licence of "
    "technology for “{{ project_name }}” under the Civil Code, the Patent Law and the Law on Promoting the Transformation of "
    "Scientific and Technological Achievements of the People's Republic of China.",
    "{%p if intermediary_name %}",
    "The contract was brought about by {{ intermediary_name }}. Its fee is agreed separately and is no part of the price.",
    "{%p endif %}",
)
SUBJECT = (
    "# Article 1  Definitions",
    "1.1  “Licensed Technology” means the patents, patent applications, technical secrets and other rights listed in Article 2, "
    "and the technical documents needed to use them.",
    "1.2  “Licensed Products” means products that use the Licensed Technology or are obtained directly by a licensed process, "
    "products of which they are a main part, and services rendered with them.",
    "1.3  “Net Sales” means amounts invoiced by the Licensee and its affiliates to unrelated third parties for Licensed "
    "Products, excluding VAT, less returns, agreed discounts, and freight and insurance shown separately. Sales to affiliates "
    "are counted at the price an independent third party would pay.",
    "1.4  “Day” means calendar day. A period that ends on a day that is no working day ends on the next working day.",
    "# Article 2  Subject",
    "2.1  Technical content: {{ subject }}",
    "2.2  The Licensed Technology comprises the following rights:",
)
SCOPE = (
    "2.3  A patent application is treated as a technical secret before its publication, by analogy as a patent licence after "
    "publication, and as a patent licence once granted.",
    "# Article 3  Kind and scope of the licence",
    "3.1  Kind: {{ licence_kind }}.",
    "3.2  Territory: {{ territory }}.",
    "3.3  Field of use: {{ field_of_use }}.",
    "3.4  Term: from {{ licensed_from }} to {{ licensed_until }}. Where a patent expires or lapses earlier, the licence of that "
    "patent ends with it.",
    "3.5  Sub-licences: {{ sublicence }}. Unless agreed here or in writing, the Licensee lets no third party use the Licensed "
    "Technology (Civil Code, Article 867).",
    "3.6  The Licensee assigns no right or duty under this contract without the Licensor's written consent. A Licensor who "
    "assigns the Licensed Technology tells the assignee of this contract; the licence is not affected.",
    "3.7  This contract does not keep the Licensee from improving the Licensed Technology, from obtaining technology elsewhere, "
    "or from challenging the validity of a right.",
    "# Article 4  Documents and support",
    "{%p if delivery %}",
    "4.1  Technical documents, time and manner of delivery: {{ delivery }}",
    "{%p else %}",
    "4.1  Within fifteen working days after this contract takes effect the Licensor delivers all technical documents needed to "
    "use the Licensed Technology; the Licensee confirms receipt.",
    "{%p endif %}",
    "{%p if support %}",
    "4.2  Technical service and training: {{ support }}",
    "{%p else %}",
    "4.2  The Licensor explains the documents as far as needed; further service is agreed separately.",
    "{%p endif %}",
    "{%p if diligence %}",
    "4.3  The Licensee's duty to use the technology: {{ diligence }}",
    "{%p endif %}",
    "# Article 5  Trial",
    "{%p if trial_until %}",
    "5.1  The trial runs from {{ trial_from }} to {{ trial_until }}. No licence fee is payable for it.",
    "5.2  Scope of the trial: {{ trial_scope }}",
    "5.3  Acceptance: {{ trial_acceptance }}",
    "5.4  At its end: {{ trial_end_rule }}",
    "5.5  Income from Licensed Products during the trial bears the royalty of Article 7; where none is agreed, the parties "
    "settle that income separately.",
    "5.6  A Licensee who chooses to stop ceases to use the Licensed Technology within fifteen days, returns or destroys the "
    "documents and says so in writing. Article 11 remains in force.",
    "{%p else %}",
    "5.1  There is no trial.",
    "{%p endif %}",
    "# Article 6  Price and payment",
    "6.1  The Licensee pays as follows. A period for payment begins when its trigger occurs. Amounts in Chinese capitals prevail.",
)
PRICE = (
    "{%p if total_amount %}",
    "The price that depends on neither output nor sales is {{ total_amount }} ({{ total_capitals }}) in all.",
    "{%p endif %}",
    "6.2  The Licensee tells the Licensor in writing, with proof, within five working days after a trigger has occurred. It "
    "counts as confirmed unless the Licensor objects within ten working days. If the Licensee is silent, the Licensor may rely on "
    "what it knows; the Licensee bears the burden of proof to the contrary.",
    "6.3  VAT is borne by the Licensee in addition where prices are net. The Licensor issues an invoice within fifteen days "
    "after receipt.",
    "{%p if licensor_account %}",
    "Account of the Licensor: {{ licensor_name }}, {{ licensor_bank }}, {{ licensor_account }}. A change needs a sealed notice.",
    "{%p endif %}",
    "# Article 7  Royalty and reports",
    "{%p if royalty_rate %}",
    "7.1  Rate: {{ royalty_rate }}; base: {{ royalty_base }}; period: {{ royalty_period }}."
    "{% if royalty_floor %} Minimum: {{ royalty_floor }}.{% endif %}{% if royalty_cap %} Cap: {{ royalty_cap }}.{% endif %}",
    "7.2  Within {% if report_days %}{{ report_days }}{% else %}30{% endif %} days after each period the Licensee reports name, "
    "quantity, invoiced amount, each deduction and the royalty due of the Licensed Products; without sales, a nil report.",
    "7.3  The royalty is paid within {% if payment_days %}{{ payment_days }}{% else %}30{% endif %} days after the report. An "
    "accepted report is corrected by another one; the difference is settled with the next period.",
    "7.4  When a patent is declared invalid, no royalty accrues on it from the day on which the decision takes effect. Fees paid "
    "before are not returned, unless that would be plainly unfair or the Licensor caused loss in bad faith.",
    "{%p else %}",
    "7.1  No royalty is agreed.",
    "{%p endif %}",
    "# Article 8  Books and audit",
    "8.1  The Licensee keeps separate books for Licensed Products until three years after this contract ends.",
    "{%p if audit_notice_days %}",
    "8.2  On {{ audit_notice_days }} days' written notice, at most once a year, the Licensor may have an accountant bound to "
    "secrecy inspect the books of the last {% if audit_years %}{{ audit_years }}{% else %}three{% endif %} years.",
    "8.3  Underpayment is made good within ten days with interest under Article 9. Above "
    "{% if audit_threshold %}{{ audit_threshold }}{% else %}5 %{% endif %} of what was due the Licensee bears the cost of the "
    "audit, otherwise the Licensor.",
    "{%p else %}",
    "8.2  How books are inspected is agreed in writing when needed (Civil Code, Article 846).",
    "{%p endif %}",
    "# Article 9  Late payment",
    "{%p if late_interest %}",
    "9.1  On late payments the Licensee pays {{ late_interest }} from the day after they were due until they are paid.",
    "{%p else %}",
    "9.1  On late payments the Licensee pays the one-year loan prime rate at the time of the breach plus fifty per cent of it, "
    "from the day after they were due until they are paid.",
    "{%p endif %}",
    "9.2  This does not discharge the debt. The reasonable cost of enforcing a right is borne by the party in breach.",
    "# Article 10  Guarantee",
    "{%p if guarantor_name %}",
    "10.1  {{ guarantor_name }} (the “Guarantor”) secures the Licensee's payments by {{ guarantee_kind }} up to "
    "{{ guarantee_limit }} ({{ guarantee_limit_capitals }}).",
    "10.2  Guarantee period: {{ guarantee_period }}. It is counted for each payment by itself.",
    "10.3  A Guarantor who pays takes the Licensor's place against the Licensee to that extent.",
    "{%p if guarantee_clause %}",
    "10.4  {{ guarantee_clause }}",
    "{%p endif %}",
    "{%p else %}",
    "10.1  {% if guarantee_clause %}{{ guarantee_clause }}{% else %}No guarantee is agreed.{% endif %}",
    "{%p endif %}",
)
REST = (
    "# Article 11  Confidentiality",
    "11.1  Technical secrets and business information of the other side are used for this contract alone, and shown only to "
    "people who need them and are bound likewise.",
    "11.2  Excepted is what is public without breach, was lawfully known before, was lawfully obtained from a third party, was "
    "developed independently, or must be disclosed by law; of the last the other side is told beforehand.",
    "11.3  The duty lasts from the day this contract takes effect until {% if confidential_years %}{{ confidential_years }} years "
    "after its end{% else %}the information becomes public{% endif %}, and survives its end.",
    "11.4  Public notices, recordals, registrations and statistical returns required by law are no breach, as far as they are needed.",
    "# Article 12  Improvements",
    "{%p if improvements %}",
    "12.1  {{ improvements }}",
    "{%p else %}",
    "12.1  An improvement belongs to the party that made it; the others have no share in it (Civil Code, Article 875).",
    "{%p endif %}",
    "12.2  Where a party wishes to license an improvement, the other has first refusal on equal terms at a price to be agreed.",
    "# Article 13  Maintenance and warranty",
    "13.1  The Licensor warrants that it owns the Licensed Technology or may license it, and that it is complete, free of error, "
    "effective and able to reach the agreed aim (Civil Code, Article 870).",
    "13.2  During the term the Licensor keeps the patents in force, pays their annuities and defends them.{% if annuities %} "
    "{{ annuities }}{% endif %}",
    "13.3  Where the agreed use infringes rights of others, the Licensor is liable. A party that hears of a claim tells the other "
    "within five working days and helps.",
    "13.4  The parties tell each other of infringements. The Licensor takes action; an exclusive licensee may do so by itself, a "
    "sole licensee where the Licensor does not, an ordinary licensee with written authority.",
    "13.5  Beyond this the Licensor warrants no commercial success.",
    "# Article 14  Breach and cure",
    "14.1  A party in breach performs, cures, or pays damages.",
    "14.2  A party may terminate when the other is late with a main obligation and has not performed within {{ cure_days }} days "
    "after a written demand that names the breach, what is to be done and by when. The period stands still while a dispute about "
    "the breach is pending under Article 18.",
    "14.3  A Licensee who goes beyond the licence, lets others use it without right or breaks confidentiality stops, hands over "
    "what it gained and pays damages; in serious cases the Licensor may terminate.",
    "14.4  Where the Licensor does not deliver, does not keep a patent alive or licenses others against Article 3, the Licensee may "
    "withhold the price in proportion and claim damages; it may terminate where the purpose fails.",
    "# Article 15  Term and end",
    "15.1  This contract takes effect when signed and sealed by both sides, and ends when the term of Article 3 is over and all is paid.",
    "15.2  When it ends otherwise, the Licensee stops using the Licensed Technology and returns or destroys the documents; products "
    "already made may be sold for ninety days against royalty.",
    "15.3  Payments already due, the reports of Article 7 and Articles 8, 9, 11 and 18 survive.",
    "# Article 16  Recordal, registration and public notice",
    "16.1  The Licensor records a patent licence with the patent office within three months after it takes effect (Implementing "
    "Regulations of the Patent Law, Article 15); the Licensee helps.",
    "16.2  The parties submit this contract for registration as a technology contract; "
    "{% if intermediary_name %}{{ intermediary_name }} helps{% else %}the Licensor sees to it{% endif %}.",
    "16.3  Where a public notice was required, the Licensor confirms that it was held and every objection settled before signing.",
    "# Article 17  Notices",
    "17.1  Notices are in writing, to the addresses above or through the platform, and take effect on arrival.",
    "# Article 18  Disputes",
    "18.1  The parties negotiate first; failing that, {{ dispute_clause }}",
    "18.2  What is not in dispute is performed meanwhile. The law of the People's Republic of China applies.",
    "# Article 19  Miscellaneous",
    "19.1  Annexes are part of this contract. Changes are made in writing; a change of price, kind of licence or party that needs "
    "a new public notice does not take effect before that has ended.",
    "19.2  There are {{ copies }} copies of equal force. Where a Chinese text is signed as well, it prevails.",
    "{%p if other_terms %}",
    "19.3  {{ other_terms }}",
    "{%p endif %}",
)


def party(role: str, side: str) -> tuple[tuple[str, str], ...]:
    return (
        (role, f"{{{{ {side}_name }}}}"),
        ("Unified social credit code", f"{{{{ {side}_code }}}}"),
        ("Address", f"{{{{ {side}_address }}}}"),
        ("Legal representative", f"{{{{ {side}_representative }}}}"),
        ("Contact", f"{{{{ {side}_contact }}}}"),
    )


def signature(role: str, name: str) -> tuple[str, ...]:
    return (f"{role}: {name} (seal)", "", "Signed by:", "", "Day:")


def make() -> bytes:
    paper = Paper("en", footer="Technology licence contract {{ contract_number }}")
    for _line in range(3):
        paper.centre("")
    paper.title("Technology Licence Contract")
    paper.centre("No. {{ contract_number }}", size=12)
    paper.centre("")
    paper.facts((
        ("Project", "{{ project_name }}"), ("Licensor", "{{ licensor_name }}"), ("Licensee", "{{ licensee_name }}"),
        ("Signed at", "{{ signed_place }}"), ("Signed on", "{{ signed_on }}"),
        ("Term", "{{ licensed_from }} to {{ licensed_until }}"),
    ))  # fmt: skip
    paper.new_page()
    paper.facts((*party("Licensor", "licensor"), *party("Licensee", "licensee")))
    paper.clauses((*OPENING, *SUBJECT))
    paper.rows("right", "rights", (
        ("Kind", "{{ right.kind }}", 1.8), ("Title", "{{ right.title }}", 3.9), ("Number", "{{ right.number }}", 3.5),
        ("Holder", "{{ right.holder }}", 2.2), ("Filed", "{{ right.filed_on }}", 2.2), ("Expires", "{{ right.expires_on }}", 2.2),
    ))  # fmt: skip
    paper.clauses(SCOPE)
    paper.rows("term", "terms", (
        ("No.", "{{ loop.index }}", 1.1), ("Payment", "{{ term.what }}", 2.6), ("Trigger", "{{ term.trigger }}", 4.4),
        ("Amount", "{{ term.amount }}", 2.4), ("In capitals", "{{ term.capitals }}", 3.4), ("Due", "{{ term.due }}", 2.5),
    ))  # fmt: skip
    paper.clauses((*PRICE, *REST))
    paper.heading("Signatures")
    paper.sides(signature("Licensor", "{{ licensor_name }}"), signature("Licensee", "{{ licensee_name }}"))
    paper.clauses(("{%p if guarantor_name %}",))
    paper.sides(signature("Guarantor", "{{ guarantor_name }}"), ("",))
    paper.clauses(("{%p endif %}", "{%p if document_hash %}"))
    paper.note("SHA-256 of the annexed term sheet: {{ document_hash }}")
    paper.clauses(("{%p endif %}",))
    return paper.made()
