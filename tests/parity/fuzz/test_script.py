#!/usr/bin/env python3
"""What both drivers refuse, and where; and that they accept the same.

    test_script.py parity_driver
"""

import os
import re
import subprocess
import sys

sys.dont_write_bytecode = True

HERE = os.path.dirname(os.path.abspath(__file__))

# The line that is at fault, and the program.
REFUSED = [
    (1, "mian\nend\n"),
    (2, "main\n  foo 3\nend\n"),
    (2, "main\n  next\nend\n"),
    (2, "main\n  next $a 1 2\nend\n"),
    (2, "main\n  x = log 1\nend\n"),
    (2, "main\n  let me 1\nend\n"),
    (2, "main\n  let X 1\nend\n"),
    (2, "main\n  log 'a\nend\n"),
    (2, "main\n  log 12345678\nend\n"),
    (2, "main\n  new g1\nend\n"),
    (2, "main\n  call main\nend\n"),
    (2, "main\n  yield 1\nend\n"),
    (2, "fun f\n  yieldfrom $a\nend\nmain\nend\n"),
    (2, "main\n  break\nend\n"),
    (4, "main\n  loop 2\n    try\n    end\n  end\nend\n"),
    (2, "main\n  raise Nonsense\nend\n"),
    (3, "main\n  try\n  except Nonsense\n  end\nend\n"),
    (3, "main\n  try\n  except as e\n  end\nend\n"),
    (4, "main\n  try\n  else\n  end\nend\n"),
    (4, "main\nend\n----\nmian\nend\n"),
    (6, "main\n  try\n  except KeyError\n  finally\n  log 1\n  else\n  end\n"
        "end\n"),
    (3, "main\n  loop 2\n  else\n  end\nend\n"),
    (3, "def g\nend\ndef g\nend\nmain\nend\n"),
    (None, "main\n  loop 2\n    log 1\n  end\n"),
    (None, "def g\nend\n"),
]

ACCEPTED = [
    "main\nend\n",
    "# nothing\n\nmain # but this\n   log   'x'  # and that\nend\n",
    "main\n  try\n  finally\n  end\n  loop 0\n  end\nend\n----\nmain\nend\n",
]


def run(command, text):
    return subprocess.run(command, input=text, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True, timeout=60)


def example():
    """The program in README.md."""
    with open(os.path.join(HERE, "README.md")) as file:
        text = file.read()
    lines = re.search(r"\n\n((?:    .*\n)*    main\n(?:    .*\n)*)", text)
    return "".join(line[4:] + "\n" for line in lines.group(1).splitlines())


def refuses(name, command, line, text):
    result = run(command, text)
    said = result.stderr.strip()
    wanted = "" if line is None else "line %d: " % line
    if result.returncode == 2 and said.startswith(wanted) and said:
        return True
    print("%s, status %d: %r\n%s" % (name, result.returncode, said, text))
    return False


def agree(commands, text):
    results = [run(command, text) for command in commands.values()]
    if (results[0].returncode == results[1].returncode == 0 and
            results[0].stdout == results[1].stdout):
        return True
    print("the drivers do not agree on\n%s" % text)
    for result in results:
        print(result.returncode, result.stdout, result.stderr)
    return False


def main():
    commands = {"parity_driver": [sys.argv[1]],
                "driver.py": [sys.executable, os.path.join(HERE, "driver.py")]}
    good = [refuses(name, command, line, text)
            for line, text in REFUSED for name, command in commands.items()]
    good += [agree(commands, text) for text in ACCEPTED + [example()]]
    print("%d passed, %d failed, 0 skipped" % (sum(good),
                                               len(good) - sum(good)))
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main())
