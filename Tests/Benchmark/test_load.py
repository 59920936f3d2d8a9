"""The load generator's own count of a flood's answers, against a server that knows how many it sent."""
import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
SOURCES = ["load.c", "load_account.c", "load_udp.c", "load_flood.c", "load_tcp.c", "queries.c"]
ANSWERS = 3000  # more than the receive buffer of a flood's socket holds


def answer(query, rcode=0, count=1):
    """The query with QR set, and these words; no record follows, as nobody reads it."""
    return query[:2] + bytes([query[2] | 0x80, rcode, 0, 1, 0, count]) + query[8:]


@unittest.skipUnless(shutil.which("gcc"), "gcc is missing")
class Floods(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.load = f"{self.folder.name}/load"
        subprocess.run(["gcc", "-O2", "-o", self.load, *(f"{HERE}/{source}" for source in SOURCES)], check=True)
        with open(f"{self.folder.name}/queries.txt", "w") as file:
            file.writelines(f"name-{number:02}.example A 0 1 0\n" for number in range(64))

    def flood(self, answers_to):
        """The figures of a flood whose generator sleeps while `answers_to(query)` are sent."""
        server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.addCleanup(server.close)
        server.bind(("127.0.0.1", 0))
        server.settimeout(60)
        command = [self.load, "--mode", "flood", "--sockets", "1", "--group", "4", "--rate", "100", "--warmup", "0"]
        command += ["--seconds", "60", "--port", str(server.getsockname()[1])]
        command += ["--queries", f"{self.folder.name}/queries.txt"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as running:
            try:
                query, client = server.recvfrom(512)
                running.send_signal(signal.SIGSTOP)
                os.waitid(os.P_PID, running.pid, os.WSTOPPED | os.WNOWAIT)
                for message in answers_to(query):
                    server.sendto(message, client)
                running.send_signal(signal.SIGCONT)
                running.send_signal(signal.SIGINT)
                output, _ = running.communicate()
            finally:
                running.kill()
        return json.loads(output)

    def test_an_answer_that_finds_the_buffer_full_was_sent_as_well(self):
        figures = self.flood(lambda query: [answer(query)] * ANSWERS)
        self.assertEqual(figures["answered"], ANSWERS)
        self.assertLess(figures["heard"], ANSWERS)
        self.assertEqual(figures["wrong"], 0)

    def test_what_is_heard_is_checked(self):
        def answers(query):
            unknown = b"\xff\xff" + query[2:]
            return [
                answer(query), answer(query, rcode=3), answer(query, count=2), query, answer(unknown), answer(query)[:11],
            ]  # fmt: skip

        figures = self.flood(answers)
        self.assertEqual((figures["answered"], figures["heard"], figures["wrong"]), (6, 6, 5))


if __name__ == "__main__":
    unittest.main()
