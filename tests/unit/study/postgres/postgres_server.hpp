#pragma once

// A server of PostgreSQL for one test: on a socket of its own, without a port, and gone with its data afterwards.

#include "catch.hpp"

#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

class postgres_server {
public:
    // Debian's folder of programs, or the one of the environment; empty where no server is installed.
    static std::string programs() {
        if (const char* folder = std::getenv("VERDANT_POSTGRES_PROGRAMS")) return folder;
        std::string newest;
        std::error_code none;
        for (const auto& version : std::filesystem::directory_iterator{"/usr/lib/postgresql", none})
            if (std::filesystem::exists(version.path() / "bin/initdb")) newest = std::max(newest, (version.path() / "bin").string());
        return newest;
    }

    explicit postgres_server(std::vector<std::string> settings = {}) : settings_{std::move(settings)} {
        std::string pattern = "/tmp/verdant-postgres-XXXXXX";
        REQUIRE(::mkdtemp(pattern.data()) != nullptr);
        folder = pattern;
        if (::geteuid() == 0) REQUIRE(::chown(folder.c_str(), nobody, nobody) == 0); // initdb refuses the administrator
        const auto made =
            run({programs() + "/initdb", "-D", folder + "/data", "-A", "trust", "-U", "tester", "-E", "UTF8", "--locale=C", "--no-sync"});
        int status = 0;
        REQUIRE(::waitpid(made, &status, 0) == made);
        REQUIRE(status == 0);
        start();
    }
    postgres_server(const postgres_server&) = delete;
    postgres_server& operator=(const postgres_server&) = delete;
    ~postgres_server() {
        stop(SIGQUIT);
        std::error_code ignored;
        std::filesystem::remove_all(folder, ignored);
    }

    void start() {
        std::vector<std::string> words{
            programs() + "/postgres", "-D", folder + "/data", "-k", folder, "-c", "listen_addresses=", "-c", "fsync=off", "-c", "max_connections=40"};
        for (const auto& s : settings_) words.insert(words.end(), {"-c", s});
        server_ = run(words);
        for (int i = 0; i < 600 && ::access((folder + "/.s.PGSQL.5432").c_str(), F_OK) != 0; ++i) ::usleep(20'000);
        // The socket is there before the server lets anybody in.
        while (shell(programs() + "/pg_isready -q -h " + folder) != 0) ::usleep(20'000);
    }
    // SIGKILL: as by a crash. The server's processes end by themselves when they see that it is gone.
    void stop(int how) {
        if (server_ <= 0) return;
        ::kill(server_, how);
        ::waitpid(server_, nullptr, 0);
        server_ = 0;
        if (how == SIGKILL) {
            ::usleep(300'000);
            ::unlink((folder + "/.s.PGSQL.5432").c_str());
            ::unlink((folder + "/.s.PGSQL.5432.lock").c_str());
        }
    }

    std::string address(const std::string& more = "") const { return "host=" + folder + " user=tester dbname=postgres " + more; }
    // What psql answers, without a trailing line break.
    std::string ask(const std::string& sql) const {
        const auto out = folder + "/answer";
        const auto code = shell(programs() + "/psql -h " + folder + " -U tester -d postgres -Atqc '" + quoted(sql) + "' > " + out + " 2>&1");
        std::string text;
        if (auto* file = std::fopen(out.c_str(), "r")) {
            for (int c = std::fgetc(file); c != EOF; c = std::fgetc(file)) text += static_cast<char>(c);
            std::fclose(file);
        }
        while (!text.empty() && text.back() == '\n') text.pop_back();
        CAPTURE(sql, text);
        REQUIRE(code == 0);
        return text;
    }

    std::string folder;

private:
    static constexpr unsigned nobody = 65534;

    static std::string quoted(const std::string& text) {
        std::string out;
        for (const char c : text) out += c == '\'' ? "'\\''" : std::string(1, c);
        return out;
    }
    static int shell(const std::string& command) { return std::system(command.c_str()); } // NOLINT(cert-env33-c)

    pid_t run(const std::vector<std::string>& words) const {
        const auto child = ::fork();
        if (child != 0) return child;
        if (::chdir(folder.c_str()) != 0) ::_exit(2);
        const int log = ::open((folder + "/log").c_str(), O_WRONLY | O_CREAT | O_APPEND, 0666);
        ::dup2(log, 1);
        ::dup2(log, 2);
        if (::geteuid() == 0 && (::setgid(nobody) != 0 || ::setuid(nobody) != 0)) ::_exit(2);
        std::vector<char*> all;
        for (const auto& w : words) all.push_back(const_cast<char*>(w.c_str()));
        all.push_back(nullptr);
        ::execv(all[0], all.data());
        ::_exit(2);
    }

    std::vector<std::string> settings_;
    pid_t server_ = 0;
};
