"""The services whose conversations are captured, and the tools that their agents have."""

from families import coding, handbook, research, support, trouble

FAMILIES = [research.FAMILY, coding.FAMILY, support.FAMILY, handbook.FAMILY, trouble.FAMILY]

TOOLS = {
    "search_web": "Search the web; returns titles and addresses.",
    "read_page": "Read one page as text.",
    "recall": "Search the team's notebook.",
    "remember": "Write a note into the team's notebook.",
    "list_files": "List the files of a folder.",
    "read_file": "Read a file.",
    "edit_file": "Replace one passage of a file.",
    "run_tests": "Run the tests; returns their output.",
    "find_order": "Look an order up by number.",
    "refund": "Refund an order or a part of it.",
    "reship": "Send an item again.",
    "search_documents": "Search the staff handbook.",
    "query_meter": "Read a sensor.",
}
