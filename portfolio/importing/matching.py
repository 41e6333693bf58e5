"""Which project of the register a row of the file means: by its code, else by its name or a former one."""

from portfolio.search import name_key


class Unclear(Exception):
    """It can't be told which project a row means; the message says why."""


def repeated_rows(rows):
    """[(row, first row, column key, what is the same)]: rows that name a project of the file again, by code, or by
    name when a code does not tell them apart."""
    repeated, codes, names = [], {}, {}
    for row in rows:
        code = row.values.get("code", "")
        name = (id(row.parent) if row.parent else None, name_key(row.name))
        same_name = names.get(name)
        if code and code in codes:
            repeated.append((row, codes[code], "code", f"项目代码“{code}”"))
        elif same_name and not (code and same_name.values.get("code")):
            repeated.append((row, same_name, "name", f"项目名称“{row.name}”"))
        else:
            names.setdefault(name, row)
            if code:
                codes[code] = row
    return repeated


class Matcher:
    """Finds each row's project, and no project twice."""

    def __init__(self, register):
        self.register = register
        self.row_of_project = {}

    def find(self, row, parent):
        """(project or None, whether only a former name led there). `parent` is the project of a sub-item's main row."""
        code, key = row.values.get("code", ""), name_key(row.name)
        project = self.register.by_code.get(code) if code else None
        by_code = project is not None
        if project is None:
            candidates = self._same_name(code, key, parent)
            if len(candidates) > 1:
                raise Unclear(f"库中有 {len(candidates)} 个同名项目，分不清是哪一个。请在表中补上项目代码。")
            if not candidates:
                return None, False
            project = candidates[0]
        if (other := self.row_of_project.get(project.pk)) is not None:
            raise Unclear(f"与{other.place}指的是库中同一个项目“{project.name}”。请只留一行。")
        self.row_of_project[project.pk] = row
        return project, not by_code and project.name_key != key

    def _same_name(self, code, key, parent):
        candidates = {
            project.pk: project for project in self.register.by_name.get(key, []) if not (code and project.code)
        }
        if parent is not None:
            children = [p for p in candidates.values() if parent.pk and p.parent_id == parent.pk]
            return children or [p for p in candidates.values() if p.parent_id is None and p.pk != parent.pk][:1]
        found = [p for p in candidates.values() if p.name_key == key] or list(candidates.values())
        for prefer in (lambda p: p.parent_id is None, lambda p: p.pk in self.register.plans):
            found = [p for p in found if prefer(p)] or found
        return found
