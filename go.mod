module github.com/guestward/guestward

go 1.26.0
