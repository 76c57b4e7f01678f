"""Asks the judge: what Traefik's own decoders and Compose's own loader say of texts."""
import json
import subprocess


class Judge:
    """The program that tests/conformance/setup builds."""

    def __init__(self, path):
        self.path = path

    def ask(self, questions):
        """The answers to all questions, in order."""
        text = ''.join(json.dumps(q) + '\n' for q in questions)
        done = subprocess.run([self.path], input=text.encode('utf-8', 'surrogateescape'),
                              stdout=subprocess.PIPE, check=True)
        answers = [json.loads(line) for line in done.stdout.splitlines()]
        if len(answers) != len(questions):
            raise RuntimeError(f'{len(questions)} questions, {len(answers)} answers')
        return answers
